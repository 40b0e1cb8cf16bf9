package flyby.cli;

import flyby.base.Check;
import flyby.study.FileProblem;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A folder whose files appear whole and together, or not at all.
///
/// Each file is written under a temporary name beside its own; [#commit] forces all to the disk and renames them.
/// If that never comes, because of a failure or Ctrl-C, [#close] deletes what was written, and the folder too if
/// this made it.
final class OutputFolder implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    /// Opens a new file; a test gives one that fails.
    @FunctionalInterface
    interface Opener {
        OutputStream open(Path path) throws IOException;
    }

    private final Path folder;
    private final String shownName;
    private final Opener opener;
    /// Final name to temporary file.
    private final Map<String, Path> pending = new LinkedHashMap<>();
    private final List<OutputStream> streams = new ArrayList<>();
    /// The outermost first.
    private final List<Path> madeFolders = new ArrayList<>();
    private final Farewell farewell;
    private final Runnable removal = this::close;
    private boolean closed;

    private OutputFolder(Path folder, String shownName, Opener opener, Farewell farewell) {
        this.folder = folder;
        this.shownName = shownName;
        this.opener = opener;
        this.farewell = farewell;
    }

    /// The folder at `path`, made if it is not there.
    ///
    /// @param shownName its name in messages
    /// @throws flyby.base.LabException of kind BAD_FILE if it is no folder or cannot be made
    static OutputFolder open(Path path, String shownName, Farewell farewell) {
        return open(path, shownName, OutputFolder::newFile, farewell);
    }

    static OutputFolder open(Path path, String shownName, Opener opener, Farewell farewell) {
        OutputFolder folder = new OutputFolder(path.toAbsolutePath().normalize(), shownName, opener, farewell);
        farewell.add(folder.removal);
        try {
            folder.make(folder.folder);
        } catch (IOException e) {
            folder.close();
            throw FileProblem.of(shownName, e);
        }
        return folder;
    }

    private static OutputStream newFile(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        return new FilterOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES)) {
            @Override
            public void write(byte[] bytes, int offset, int count) throws IOException {
                out.write(bytes, offset, count);
            }

            @Override
            public void close() throws IOException {
                if (channel.isOpen()) {
                    try (channel) {
                        out.flush();
                        channel.force(true);
                    }
                }
            }
        };
    }

    private synchronized void make(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return;
        }
        if (Files.exists(path)) {
            throw new FileSystemException(path.toString(), null, "this is a file, and a folder is needed");
        }
        Path parent = path.getParent();
        if (parent != null) {
            make(parent);
        }
        try {
            Files.createDirectory(path);
        } catch (NoSuchFileException e) {
            // Its parent is there: some file systems, such as /proc, say so when they let nobody make anything.
            throw reasoned(e, "no folder can be made there");
        }
        madeFolders.add(path);
    }

    /// A new file called `name`, or `name` with a number before its ending if this folder was already asked for
    /// `name`. A file that lay there before is replaced by [#commit]. The caller closes the stream.
    ///
    /// @throws flyby.base.LabException of kind BAD_FILE if it cannot be made
    synchronized OutputStream create(String name) {
        Check.that(!closed, "%s is closed", shownName);
        String unique = unique(name);
        refuseToReplace(unique);
        Path temporary =
                folder.resolve("." + unique + "." + ProcessHandle.current().pid() + ".tmp");
        String shown = shownName + "/" + unique;
        try {
            Files.deleteIfExists(temporary);
            OutputStream stream = new NamedStream(opener.open(temporary), shown);
            pending.put(unique, temporary);
            streams.add(stream);
            return stream;
        } catch (NoSuchFileException e) {
            throw FileProblem.of(shown, reasoned(e, "no file can be made there"));
        } catch (IOException e) {
            throw FileProblem.of(shown, e);
        }
    }

    /// A file may be replaced; a folder, a link or a device may not.
    private void refuseToReplace(String name) {
        Path target = folder.resolve(name);
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)
                && !Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
            String what = Files.isDirectory(target) ? "a folder" : "a link or a device";
            String reason = "this is " + what + ", and a file is to be written";
            throw FileProblem.of(shownName + "/" + name, new FileSystemException(name, null, reason));
        }
    }

    private static FileSystemException reasoned(NoSuchFileException cause, String reason) {
        FileSystemException reasoned = new FileSystemException(cause.getFile(), null, reason);
        reasoned.initCause(cause);
        return reasoned;
    }

    private String unique(String name) {
        String safe = name.replaceAll("[^A-Za-z0-9._-]", "_");
        int dot = safe.lastIndexOf('.');
        String stem = dot <= 0 ? safe : safe.substring(0, dot);
        String ending = dot <= 0 ? "" : safe.substring(dot);
        String unique = safe;
        for (int number = 2; pending.containsKey(unique); number++) {
            unique = stem + "-" + number + ending;
        }
        return unique;
    }

    /// Makes all files appear under their names, in the order in which they were created.
    ///
    /// @return the names, each with the folder before it, as the user gave that
    /// @throws flyby.base.LabException of kind BAD_FILE if one cannot be written; then [#close] removes all that
    /// are
    ///     not yet in their place
    synchronized List<String> commit() {
        Check.that(!closed, "%s is closed", shownName);
        List<String> names = new ArrayList<>();
        try {
            for (OutputStream stream : streams) {
                stream.close();
            }
            for (String name : List.copyOf(pending.keySet())) {
                Path temporary = pending.get(name);
                if (temporary != null) {
                    refuseToReplace(name);
                    Files.move(temporary, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
                    madeFolders.clear();
                }
                pending.remove(name);
                names.add(shownName + "/" + name);
            }
        } catch (FileSystemException e) {
            throw FileProblem.of(e.getFile() == null ? shownName : e.getFile(), e);
        } catch (IOException e) {
            throw FileProblem.of(shownName, e);
        }
        return names;
    }

    /// Removes what is not committed. May be called again, and by another thread.
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (OutputStream stream : streams) {
            closeQuietly(stream);
        }
        pending.values().forEach(OutputFolder::deleteQuietly);
        madeFolders.reversed().forEach(OutputFolder::deleteQuietly);
        farewell.settled(removal);
    }

    private static void closeQuietly(OutputStream stream) {
        try {
            stream.close();
        } catch (IOException _) {
            // The file is deleted next: what its end would have been does not matter.
        }
    }

    private static void deleteQuietly(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException _) {
            // A folder that somebody else put something into stays; nothing more can be done for a file.
        }
    }

    /// Says in each failure which file it was.
    private static final class NamedStream extends OutputStream {
        private final OutputStream stream;
        private final String name;

        NamedStream(OutputStream stream, String name) {
            this.stream = stream;
            this.name = name;
        }

        private FileSystemException named(IOException cause) {
            FileSystemException named = new FileSystemException(name, null, FileProblem.reason(cause));
            named.initCause(cause);
            return named;
        }

        @Override
        public void write(int value) throws IOException {
            try {
                stream.write(value);
            } catch (IOException e) {
                throw named(e);
            }
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            try {
                stream.write(bytes, offset, count);
            } catch (IOException e) {
                throw named(e);
            }
        }

        @Override
        public void flush() throws IOException {
            try {
                stream.flush();
            } catch (IOException e) {
                throw named(e);
            }
        }

        @Override
        public void close() throws IOException {
            try {
                stream.close();
            } catch (IOException e) {
                throw named(e);
            }
        }
    }
}
