/** Numbers out of TensorBoard's event files, whoever wrote them (docs/cli.md, export-scalars). */
package org.imageperformer.tools.scalars;
