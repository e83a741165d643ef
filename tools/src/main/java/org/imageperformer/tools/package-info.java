/** The command line. */
package org.imageperformer.tools;
