package flyby.params;

import java.util.Collection;
import java.util.Optional;

/// Finds what somebody probably meant to write.
public final class Nearest {
    private static final int LENGTH_MAX = 120;

    private Nearest() {}

    /// The known path that is nearest to `path`: by the whole path, or by its last word where the way to it is
    /// wrong or left out. Empty if none is near.
    public static Optional<String> path(String path, Collection<String> known) {
        if (path.length() > LENGTH_MAX) {
            return Optional.empty();
        }
        String best = "";
        int bestScore = Integer.MAX_VALUE;
        for (String candidate : known) {
            // A slip in a whole path is likelier than a path left out: at equal distance the whole path wins.
            int whole = score(path, candidate, 0);
            int last = score(lastWord(path), lastWord(candidate), 1);
            int score = Math.min(whole, last);
            if (score < bestScore) {
                bestScore = score;
                best = candidate;
            }
        }
        return best.isEmpty() ? Optional.empty() : Optional.of(best);
    }

    /// The known word that is nearest to `word`. Empty if none is near.
    public static Optional<String> word(String word, Collection<String> known) {
        if (word.length() > LENGTH_MAX) {
            return Optional.empty();
        }
        String best = "";
        int bestScore = Integer.MAX_VALUE;
        for (String candidate : known) {
            int score = score(word, candidate, 0);
            if (score < bestScore) {
                bestScore = score;
                best = candidate;
            }
        }
        return best.isEmpty() ? Optional.empty() : Optional.of(best);
    }

    private static int score(String written, String candidate, int handicap) {
        int distance = distance(written, candidate);
        int near = Math.max(1, Math.max(written.length(), candidate.length()) / 3);
        return distance <= near ? 2 * distance + handicap : Integer.MAX_VALUE;
    }

    private static String lastWord(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /// How many letters must be put in, left out, replaced or swapped with their neighbour to make `b` of `a`
    /// (optimal string alignment). Case does not count.
    static int distance(String a, String b) {
        int[] before = new int[b.length() + 1];
        int[] above = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int swap = same(a, i - 1, b, j - 1) ? 0 : 1;
                int least = Math.min(Math.min(above[j] + 1, row[j - 1] + 1), above[j - 1] + swap);
                if (i > 1 && j > 1 && same(a, i - 1, b, j - 2) && same(a, i - 2, b, j - 1)) {
                    least = Math.min(least, before[j - 2] + 1);
                }
                row[j] = least;
            }
            int[] spare = before;
            before = above;
            above = row;
            row = spare;
        }
        return above[b.length()];
    }

    private static boolean same(String a, int i, String b, int j) {
        return Character.toLowerCase(a.charAt(i)) == Character.toLowerCase(b.charAt(j));
    }
}
