package mistmcp.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import mistmcp.settings.Secret;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sets up the logs of a process: one JSON object a line on standard error, secrets masked.
public final class Logs {
    private Logs() {}

    /// Sends all logs of this process to standard error: ours from INFO, of libraries from WARN. Call it
    /// first in `main`.
    ///
    /// @param process what the lines call this process
    /// @param secrets values that are masked wherever they turn up, beside what looks like a token
    public static void toStderr(String process, Collection<Secret> secrets) {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        var layout = new LineLayout(process, new Masking(secrets));
        layout.setContext(context);
        layout.start();
        var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout);
        encoder.start();
        var appender = new OutputStreamAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.setOutputStream(new StandardError());
        appender.setImmediateFlush(true);
        appender.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(appender);
        context.getLogger("mistmcp").setLevel(Level.INFO);
        // It warns of every keyword that JSON Schema does not know, and our schemas carry `x-` ones.
        context.getLogger("com.networknt.schema").setLevel(Level.ERROR);
    }

    /// The descriptor itself: System.err may be replaced, and is slow. It stays open when logs are set up
    /// anew.
    private static final class StandardError extends OutputStream {
        private final FileOutputStream descriptor = new FileOutputStream(FileDescriptor.err);

        @Override
        public void write(int oneByte) throws IOException {
            descriptor.write(oneByte);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            descriptor.write(bytes, offset, length);
        }
    }
}
