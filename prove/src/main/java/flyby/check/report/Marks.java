package flyby.check.report;

/// How a terminal shows what is important.
record Marks(boolean hasColour) {
    String bold(String text) {
        return with("\u001b[1m", text);
    }

    String red(String text) {
        return with("\u001b[31;1m", text);
    }

    String dim(String text) {
        return with("\u001b[2m", text);
    }

    private String with(String code, String text) {
        return hasColour && !text.isEmpty() ? code + text + "\u001b[0m" : text;
    }
}
