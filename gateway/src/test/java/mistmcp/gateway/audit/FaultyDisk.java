package mistmcp.gateway.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// A disk that is full, slow or broken when a test says so. Its space is counted, not real: what makes a
/// file longer takes of it.
final class FaultyDisk extends Disk {
    final AtomicLong room = new AtomicLong(Long.MAX_VALUE / 2);
    final AtomicInteger forcesToFail = new AtomicInteger();
    final Semaphore forces = new Semaphore(Integer.MAX_VALUE / 2);
    final List<String> touched = Collections.synchronizedList(new ArrayList<>());
    private volatile long free = Long.MAX_VALUE;
    private volatile boolean forcing = true;

    /// For tests that open many logs and pull no plug.
    void forceNothing() {
        forcing = false;
    }

    void free(long bytes) {
        free = bytes;
    }

    @Override
    long free(Path directory) {
        return free;
    }

    @Override
    void forceDirectory(Path directory) throws IOException {
        if (forcing) {
            super.forceDirectory(directory);
        }
    }

    @Override
    boolean delete(Path path) throws IOException {
        long size = Files.exists(path) ? Files.size(path) : 0;
        boolean there = super.delete(path);
        room.addAndGet(size);
        return there;
    }

    @Override
    FileChannel open(Path path) throws IOException {
        return new Channel(super.open(path), path.getFileName().toString());
    }

    private final class Channel extends FileChannel {
        private final FileChannel real;
        private final String name;

        private Channel(FileChannel real, String name) {
            this.real = real;
            this.name = name;
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            touched.add(name);
            long there = Math.max(0, real.size() - position);
            long left = Math.max(0, room.get()) + there;
            if (left <= 0) {
                throw new IOException("No space left on device");
            }
            int length = (int) Math.min(left, source.remaining());
            var part = source.slice(source.position(), length);
            int written = real.write(part, position);
            source.position(source.position() + written);
            room.addAndGet(-Math.max(0, written - there));
            return written;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            touched.add(name);
            forces.acquireUninterruptibly();
            try {
                if (forcesToFail.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    throw new IOException("Input/output error");
                }
                if (forcing) {
                    real.force(metaData);
                }
            } finally {
                forces.release();
            }
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            touched.add(name);
            room.addAndGet(Math.max(0, real.size() - size));
            real.truncate(size);
            return this;
        }

        @Override
        public long size() throws IOException {
            return real.size();
        }

        @Override
        protected void implCloseChannel() throws IOException {
            real.close();
        }

        @Override
        public int read(ByteBuffer target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long read(ByteBuffer[] targets, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(ByteBuffer target, long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int write(ByteBuffer source) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long position() {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileChannel position(long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferFrom(ReadableByteChannel source, long position, long count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }
    }
}
