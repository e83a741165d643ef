/**
 * The command line: {@link org.imageperformer.tools.Main} runs a command of {@code commands}, which
 * uses what the commands share ({@code cli}) and the rooms of their own work.
 */
package org.imageperformer.tools;
