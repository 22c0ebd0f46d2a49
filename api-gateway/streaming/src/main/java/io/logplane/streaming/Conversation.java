package io.logplane.streaming;

import java.io.IOException;

/// What goes through a [Tunnel], in both directions. The tunnel ends with either.
///
/// Thread: one virtual thread for each direction.
interface Conversation {
    void toBackend() throws IOException;

    void toClient() throws IOException;

    /// Begins one, once both ends have agreed to it.
    interface Opening {
        Conversation of(Client client, Backend backend);
    }

    /// Bytes as they come.
    record Unread(Client client, Backend backend) implements Conversation {
        private static final int CHUNK = 32 * 1024;

        /// A server that reads no more may still have something to say: what it does not take is dropped.
        @Override
        public void toBackend() throws IOException {
            byte[] chunk = new byte[CHUNK];
            boolean taken = true;
            for (int read = client.in().read(chunk); read >= 0; read = client.in().read(chunk)) {
                taken = taken && took(chunk, read);
            }
        }

        private boolean took(byte[] chunk, int length) {
            try {
                backend.out().write(chunk, 0, length);
                backend.out().flush();
                return true;
            } catch (IOException over) {
                return false;
            }
        }

        @Override
        public void toClient() throws IOException {
            byte[] chunk = new byte[CHUNK];
            for (int read = backend.in().read(chunk); read >= 0; read = backend.in().read(chunk)) {
                client.out().write(chunk, 0, read);
            }
        }
    }
}
