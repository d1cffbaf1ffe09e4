package mistmcp.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import mistmcp.json.JsonObject;

/// One log event as one line of JSON.
final class LineLayout extends LayoutBase<ILoggingEvent> {
    private static final int MOST_CHARS = 16_384;

    private final String process;
    private final Masking masking;

    LineLayout(String process, Masking masking) {
        this.process = process;
        this.masking = masking;
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        var line = JsonObject.of(
                "time", event.getInstant(),
                "level", event.getLevel().toString(),
                "process", process,
                "logger", event.getLoggerName(),
                "message", bounded(event.getFormattedMessage()));
        var thrown = event.getThrowableProxy();
        if (thrown != null) {
            line = line.with("error", bounded(ThrowableProxyUtil.asString(thrown)));
        }
        return line + "\n";
    }

    private String bounded(String text) {
        var masked = masking.mask(text);
        return masked.length() <= MOST_CHARS ? masked : masked.substring(0, MOST_CHARS) + "...";
    }
}
