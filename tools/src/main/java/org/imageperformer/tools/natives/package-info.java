/** What native libraries do to the process, and Java has no word for. */
package org.imageperformer.tools.natives;
