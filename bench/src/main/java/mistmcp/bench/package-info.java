/// Measures what the gateway costs: load over its own stages and its peers, and micro benchmarks. No part of
/// the product.
@NullMarked
package mistmcp.bench;

import org.jspecify.annotations.NullMarked;
