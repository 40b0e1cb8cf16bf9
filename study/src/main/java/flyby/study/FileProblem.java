package flyby.study;

import flyby.base.LabException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/// Says in words what is wrong with a file.
public final class FileProblem {
    private FileProblem() {}

    /// A [LabException] of kind BAD_FILE about `name`: `out/report.html: permission denied`.
    public static LabException of(String name, IOException cause) {
        LabException problem = new LabException(LabException.Kind.BAD_FILE, name + ": " + reason(cause));
        problem.initCause(cause);
        return problem;
    }

    /// As [#of], in words of the caller's.
    public static LabException of(String name, String reason) {
        return new LabException(LabException.Kind.BAD_FILE, name + ": " + reason);
    }

    /// Why, in a few words that begin in lower case.
    public static String reason(IOException cause) {
        return switch (cause) {
            case NoSuchFileException _ -> "there is no such file or folder";
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException _ -> "there is already something else of that name";
            case NotDirectoryException _ -> "not a folder";
            case DirectoryNotEmptyException _ -> "the folder is not empty";
            case CharacterCodingException _ -> "not UTF-8 text";
            case FileSystemException problem when problem.getReason() != null -> lower(problem.getReason());
            default -> {
                String message = cause.getMessage();
                yield message == null ? cause.getClass().getSimpleName() : lower(message);
            }
        };
    }

    private static String lower(String words) {
        return words.isEmpty() ? words : Character.toLowerCase(words.charAt(0)) + words.substring(1);
    }
}
