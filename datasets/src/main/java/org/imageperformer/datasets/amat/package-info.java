/** The text format {@code .amat}, of RotMNIST's original (gsa.md, section 6). */
package org.imageperformer.datasets.amat;
