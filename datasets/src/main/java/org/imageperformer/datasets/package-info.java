/** Image data sets as bytes in memory. */
package org.imageperformer.datasets;
