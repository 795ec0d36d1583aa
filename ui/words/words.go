// Package words says everything that the screen says, in the person's language.
package words

// Words is a catalogue in one language.
type Words struct{}

// Say gives the text of a key, with its placeholders filled.
func (w *Words) Say(key string, args ...any) string { return key }
