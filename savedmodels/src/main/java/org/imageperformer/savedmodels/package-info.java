/** What a run leaves behind: its directory, hyperparameters, results and SavedModel. */
package org.imageperformer.savedmodels;
