/** Pictures of results, as SVG or PNG: accuracy and loss side by side, one line per run. */
package org.imageperformer.tools.plots;
