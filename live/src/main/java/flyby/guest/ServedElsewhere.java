package flyby.guest;

import flyby.base.LabException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;

/// A device that another process serves.
///
/// @param socket where it listens
record ServedElsewhere(Path socket) implements GuestDevice {
    @Override
    public String name() {
        return socket.toString();
    }

    @Override
    public Ready prepare(Path folder) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            throw new LabException(
                    LabException.Kind.BAD_INPUT,
                    socket + ": nobody listens there (" + e.getMessage()
                            + "): start the server first, ./flyby serve DEVICE --socket " + socket);
        }
        return at(socket);
    }

    /// The device of a server that listens at `socket`, whom QEMU's end does not end.
    static Ready at(Path socket) {
        return new Ready() {
            @Override
            public List<String> qemuArguments(String bus) {
                return QemuCommand.vfioUser(socket, bus);
            }

            @Override
            public void close() {
                // Whoever started the server ends it.
            }
        };
    }
}
