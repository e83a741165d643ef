/**
 * The commands. Each is one class {@code ...Command} that extends {@link
 * org.imageperformer.tools.cli.BaseCommand}, and one line in {@link
 * org.imageperformer.tools.commands.RootCommand}.
 */
package org.imageperformer.tools.commands;
