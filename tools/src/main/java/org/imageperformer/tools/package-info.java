/**
 * The command line.
 *
 * <p>A command is one class {@code ...Command} that extends {@link
 * org.imageperformer.tools.BaseCommand}, and one line in {@link
 * org.imageperformer.tools.RootCommand}.
 */
package org.imageperformer.tools;
