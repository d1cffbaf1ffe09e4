package mistmcp.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What callers ask, each time with other arguments, and how a right answer is told.
sealed interface Ask {
    /// The JSON-RPC request of this number.
    byte[] request(long number);

    /// Whether the body is the answer to the request of this number.
    boolean right(byte[] body, int length, long number);

    /// Asks the upstream of the measurements for a result of a size: the answer has our number, and the whole
    /// text byte for byte.
    record Echo(Size size) implements Ask {
        private static final byte[] IS_ERROR = ascii("\"isError\":true");

        @Override
        public byte[] request(long number) {
            return call(
                    number,
                    size.tool(),
                    "{\"n\":" + number + ",\"site_id\":\"" + Load.SITES.get((int) (number % Load.SITES.size()))
                            + "\"}");
        }

        @Override
        public boolean right(byte[] body, int length, long number) {
            var begin = ascii("n=" + number + ";");
            var filling = size.filling();
            int text = find(body, 0, Math.min(length, 512), begin);
            int end = text + begin.length + filling.length;
            return text >= 0
                    && end < length
                    && Arrays.equals(body, text + begin.length, end, filling, 0, filling.length)
                    && body[end] == '"'
                    && outside(body, length, text, end, id(number))
                    && !outside(body, length, text, end, IS_ERROR);
        }

        private static boolean outside(byte[] body, int length, int begin, int end, byte[] needle) {
            return find(body, 0, begin, needle) >= 0 || find(body, end, length, needle) >= 0;
        }
    }

    /// Asks mist-ro for the sites of the simulated Mist, with limits in turn.
    record Sites() implements Ask {
        static final String TOOL = "list_sites";

        /// The arguments of the request of this number.
        static String arguments(long number) {
            return "{\"limit\":" + limit(number) + "}";
        }

        private static long limit(long number) {
            return 1 + number % 3;
        }

        @Override
        public byte[] request(long number) {
            return call(number, TOOL, arguments(number));
        }

        @Override
        public boolean right(byte[] body, int length, long number) {
            return find(body, 0, length, id(number)) >= 0
                    && find(body, 0, length, ascii("\"isError\":false")) >= 0
                    && find(body, 0, length, ascii("\"shown\":" + limit(number) + ",")) >= 0;
        }
    }

    private static byte[] call(long number, String tool, String arguments) {
        return ascii("{\"jsonrpc\":\"2.0\",\"id\":" + number + ",\"method\":\"tools/call\",\"params\":{\"name\":\""
                + tool + "\",\"arguments\":" + arguments + "}}");
    }

    private static byte[] id(long number) {
        return ascii("\"id\":" + number);
    }

    private static int find(byte[] body, int from, int to, byte[] needle) {
        for (int i = from; i <= to - needle.length; i++) {
            if (body[i] == needle[0] && Arrays.equals(body, i, i + needle.length, needle, 0, needle.length)) {
                return i;
            }
        }
        return -1;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
