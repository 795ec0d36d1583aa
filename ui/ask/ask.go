// Package ask is what pages want done: values that a page's Update returns and
// the root carries out (ui/perform.go), and the answers that come back. They are
// returned, not sent as messages, so that a popup is open before the next key
// arrives.
package ask

import (
	"easel/backend"
	"easel/backend/task"
	"easel/history"
	"easel/history/search"
	"easel/ui/keys"
)

// Level says how a message looks.
type Level int

// The levels of messages.
const (
	Info Level = iota
	Good
	Warn
	Bad
)

// What a page may ask for.
type (
	// Say shows one line, and keeps it in the log of messages.
	Say struct {
		Level Level
		Text  string
	}
	// Do carries out an action that is the root's, such as keys.Quit.
	Do struct{ Action keys.Action }

	// Generate submits a request; Submitted answers.
	Generate struct{ Request backend.Request }
	// Draft says that the request that is being written changed.
	Draft struct{}

	// Change makes the engine do something with a task; Changed answers.
	Change struct {
		ID     string
		Verb   Verb
		Ticket string // of Adopt
	}

	// LookAt looks at a local picture; Looked answers. Text is what was pasted,
	// if that is how the person named it; Refresh is for a reference that is in
	// the list already.
	LookAt struct {
		Reference backend.Reference
		Text      string
		Refresh   bool
	}
	// Edit opens the person's editor; Edited answers.
	Edit struct{ Text string }
	// Copy sends text to the terminal's clipboard. What names it in the message.
	Copy struct{ Text, What string }
	// Fetch copies a line that brings files to the machine where it is run.
	Fetch struct{ Paths []string }
	// View opens a file in the system's viewer.
	View struct{ Path string }
)

// The popups that a page may ask for. Tag comes back with the answer.
type (
	// Pick lets the person choose one of the values; Picked answers. With Judge
	// a value may also be typed, and is judged on every keystroke.
	Pick struct {
		Tag, Title string
		Items      []Item
		Current    string
		Judge      func(string) error
	}
	// Item is a value with what people read: Label (the value, if empty) and a
	// quiet Note.
	Item struct{ Value, Label, Note string }
	// Choose asks a question with a few answers, the first being the careful
	// one; Picked answers.
	Choose struct {
		Tag, Title, Text string
		Items            []Item
	}
	// Type lets the person type a line; Picked answers. Judge, if there is one,
	// judges it on every keystroke.
	Type struct {
		Tag, Title, Text, Hint string
		Judge                  func(string) error
		// Words are known ones, of which tab completes the last one that is typed:
		// then the line is a list, separated by commas.
		Words []string
	}
	// Confirm asks a question; Picked answers a yes, nothing a no.
	Confirm struct{ Tag, Title, Text, Yes string }
	// File lets the person choose a picture among files, or type an address;
	// Picked answers with the path or the address.
	File struct{ Tag, Title string }
	// Search lets the person find an earlier prompt; Picked answers.
	Search struct {
		Tag     string
		Prompts []string
	}
	// Inspect shows what was sent and what came back.
	Inspect struct{ Task task.Task }
)

// Verb is what a person decides about a task.
type Verb string

// The verbs.
const (
	Look     Verb = "look"
	Adopt    Verb = "adopt"
	Resend   Verb = "again"
	Lost     Verb = "lost"
	Stop     Verb = "stop"
	Resume   Verb = "resume"
	Download Verb = "download"
)

// What the gallery may ask for. What takes a while carries a number: an answer
// to an older question is dropped.
type (
	// OpenPast asks for the index of all that was ever made; Past answers, again
	// and again, whenever it grew.
	OpenPast struct{}
	// Find searches the index; Found answers. A search that is under way is given
	// up.
	Find struct {
		Number int
		Index  *search.Index
		Text   string
	}
	// Recall asks for whole tasks; Recalled answers.
	Recall struct {
		Number  int
		Entries []search.Entry
	}
	// Mark changes what a person notes on tasks, Trash moves them to the trash or
	// back; Marked answers both.
	Mark struct {
		IDs  []string
		Mark history.Mark
	}
	Trash struct {
		IDs  []string
		Back bool
	}
	// WeighTrash asks what is in the trash, and EmptyTrash empties it; Weighed
	// and Emptied answer.
	WeighTrash struct{}
	EmptyTrash struct{}
	// ToStudio carries out an action on a result in the studio, where requests
	// are written.
	ToStudio struct {
		Action keys.Action
		Task   task.Task
		At     int
	}
)

// What the gallery hears.
type (
	Past struct {
		Index *search.Index
		Epoch int
		Whole bool
		Tags  []string // that are in use
		Err   error
	}
	Found struct {
		Number int
		Text   string
		Found  search.Found
	}
	Recalled struct {
		Number int
		Tasks  []task.Task
		Err    error
	}
	Marked  struct{ Err error } // Mark or Trash is done
	Weighed struct {
		Pictures int
		Bytes    int64
		Err      error
	}
	Emptied Weighed
)

// What a page hears as answer to what it asked.
type (
	// Submitted answers Generate.
	Submitted struct {
		Request backend.Request
		Task    task.Task
		Err     error
	}
	// Earlier tells the earlier prompts, newest first.
	Earlier struct{ Prompts []string }
	// Changed answers Change.
	Changed struct {
		Change Change
		Err    error
	}
	// Looked answers LookAt.
	Looked struct {
		Asked     LookAt
		Reference backend.Reference
		Err       error
	}
	// Edited answers Edit.
	Edited struct {
		Text string
		Err  error
	}
	// Picked answers the popups.
	Picked struct{ Tag, Value string }
)
