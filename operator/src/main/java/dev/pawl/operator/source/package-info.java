/** What a spec points to: migration files, and the database with its Secrets. */
package dev.pawl.operator.source;
