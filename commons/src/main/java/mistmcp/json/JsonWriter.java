package mistmcp.json;

import java.util.Arrays;

/// Writes compact JSON as UTF-8, value by value, for what is only written and needs no tree before. Names and
/// values of an object come in turn; whoever writes sees to it that they do. Not for sharing between threads.
public final class JsonWriter {
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'};
    private static final int ASCII = 0x80;
    private static final int LONGEST_NUMBER = 20;
    /// What stands behind the backslash of a character; 0 for one that stands for itself, 'u' for four digits.
    private static final byte[] ESCAPES = escapes();

    private final boolean mends;
    private byte[] buffer;
    private int size;

    /// A writer that writes a lone surrogate, which UTF-8 cannot hold, as an escape.
    public JsonWriter() {
        this(256, false);
    }

    private JsonWriter(int expectedBytes, boolean mends) {
        this.buffer = new byte[expectedBytes];
        this.mends = mends;
    }

    /// A writer that writes U+FFFD for a lone surrogate, for readers that refuse its escape.
    ///
    /// @param expectedBytes how many bytes it will write, about
    public static JsonWriter mending(int expectedBytes) {
        return new JsonWriter(expectedBytes, true);
    }

    /// Opens an object.
    public JsonWriter begin() {
        put('{');
        return this;
    }

    /// Closes an object.
    public JsonWriter end() {
        put('}');
        return this;
    }

    /// The name of the member whose value comes next.
    public JsonWriter name(String name) {
        separate('{');
        quoted(name);
        put(':');
        return this;
    }

    /// A string.
    public JsonWriter string(String text) {
        quoted(text);
        return this;
    }

    /// A whole number.
    public JsonWriter number(long value) {
        room(LONGEST_NUMBER);
        if (value == Long.MIN_VALUE) {
            ascii(Long.toString(value));
            return this;
        }
        long left = value;
        if (left < 0) {
            buffer[size++] = '-';
            left = -left;
        }
        int digits = 1;
        for (long bound = 10; digits < 19 && left >= bound; bound *= 10) {
            digits++;
        }
        for (int at = size + digits - 1; at >= size; at--) {
            buffer[at] = (byte) ('0' + left % 10);
            left /= 10;
        }
        size += digits;
        return this;
    }

    /// An array of strings.
    public JsonWriter strings(Iterable<String> texts) {
        put('[');
        for (var text : texts) {
            separate('[');
            quoted(text);
        }
        put(']');
        return this;
    }

    /// Any value.
    public JsonWriter value(JsonValue value) {
        switch (value) {
            case JsonString string -> quoted(string.value());
            case JsonNumber number -> ascii(number.text());
            case JsonObject object -> {
                put('{');
                for (var member : object.members().entrySet()) {
                    name(member.getKey());
                    value(member.getValue());
                }
                put('}');
            }
            case JsonArray array -> {
                put('[');
                for (var element : array) {
                    separate('[');
                    value(element);
                }
                put(']');
            }
            case JsonBoolean bool -> ascii(bool.value() ? "true" : "false");
            case JsonNull _ -> ascii("null");
        }
        return this;
    }

    /// A value that is JSON already, as it stands.
    public JsonWriter raw(RawJson value) {
        int length = value.length();
        room(length);
        System.arraycopy(value.array(), value.start(), buffer, size, length);
        size += length;
        return this;
    }

    /// What was written.
    public byte[] bytes() {
        return Arrays.copyOf(buffer, size);
    }

    /// A comma, unless the bracket was opened just now. A bracket inside a string has its closing quote behind it.
    private void separate(char opening) {
        if (buffer[size - 1] != opening) {
            put(',');
        }
    }

    private void quoted(String text) {
        int length = text.length();
        room(length + 2);
        var into = buffer;
        int at = size;
        into[at++] = '"';
        for (int i = 0; i < length; i++) {
            char next = text.charAt(i);
            if (next >= ASCII || ESCAPES[next] != 0) {
                size = at;
                escaped(text, i);
                put('"');
                return;
            }
            into[at++] = (byte) next;
        }
        into[at++] = '"';
        size = at;
    }

    private void escaped(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char next = text.charAt(i);
            room(6);
            if (next < ASCII) {
                escaped(next);
            } else if (next < 0x800) {
                buffer[size++] = (byte) (0xC0 | (next >> 6));
                buffer[size++] = (byte) (0x80 | (next & 0x3F));
            } else if (!Character.isSurrogate(next)) {
                buffer[size++] = (byte) (0xE0 | (next >> 12));
                buffer[size++] = (byte) (0x80 | ((next >> 6) & 0x3F));
                buffer[size++] = (byte) (0x80 | (next & 0x3F));
            } else {
                int point = text.codePointAt(i);
                if (!Character.isSupplementaryCodePoint(point)) {
                    lone(next);
                    continue;
                }
                i++;
                buffer[size++] = (byte) (0xF0 | (point >> 18));
                buffer[size++] = (byte) (0x80 | ((point >> 12) & 0x3F));
                buffer[size++] = (byte) (0x80 | ((point >> 6) & 0x3F));
                buffer[size++] = (byte) (0x80 | (point & 0x3F));
            }
        }
    }

    private void escaped(char ascii) {
        byte escape = ESCAPES[ascii];
        if (escape == 0) {
            buffer[size++] = (byte) ascii;
            return;
        }
        if (escape == 'u') {
            hex(ascii);
            return;
        }
        buffer[size++] = '\\';
        buffer[size++] = escape;
    }

    private void lone(char surrogate) {
        if (mends) {
            buffer[size++] = (byte) 0xEF;
            buffer[size++] = (byte) 0xBF;
            buffer[size++] = (byte) 0xBD;
        } else {
            hex(surrogate);
        }
    }

    private void hex(char unit) {
        buffer[size++] = '\\';
        buffer[size++] = 'u';
        for (int shift = 12; shift >= 0; shift -= 4) {
            buffer[size++] = HEX[(unit >> shift) & 0xF];
        }
    }

    private void ascii(String text) {
        int length = text.length();
        room(length);
        for (int i = 0; i < length; i++) {
            buffer[size++] = (byte) text.charAt(i);
        }
    }

    private void put(char ascii) {
        room(1);
        buffer[size++] = (byte) ascii;
    }

    private void room(int bytes) {
        if (buffer.length - size < bytes) {
            buffer = Arrays.copyOf(buffer, Math.max(Math.multiplyExact(buffer.length, 2), Math.addExact(size, bytes)));
        }
    }

    private static byte[] escapes() {
        var escapes = new byte[ASCII];
        Arrays.fill(escapes, 0, 0x20, (byte) 'u');
        escapes['\b'] = 'b';
        escapes['\t'] = 't';
        escapes['\n'] = 'n';
        escapes['\f'] = 'f';
        escapes['\r'] = 'r';
        escapes['"'] = '"';
        escapes['\\'] = '\\';
        return escapes;
    }
}
