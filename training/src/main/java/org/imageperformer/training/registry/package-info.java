/** What is chosen by name, and can be added by users. */
package org.imageperformer.training.registry;
