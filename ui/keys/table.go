package keys

// The actions. An action is one thing that a person can want; the palette
// offers them by name, also those that have no key.
const (
	Palette   Action = "palette"
	Help      Action = "help"
	NextPane  Action = "next_pane"
	PrevPane  Action = "prev_pane"
	ToPrompt  Action = "to_prompt"
	Quit      Action = "quit"
	Suspend   Action = "suspend"
	Redraw    Action = "redraw"
	OtherPage Action = "other_page"

	Generate Action = "generate"
	Newline  Action = "newline"
	Search   Action = "search"
	Editor   Action = "editor"
	Clear    Action = "clear"
	Earlier  Action = "earlier"
	Later    Action = "later"

	LineStart   Action = "line_start"
	LineEnd     Action = "line_end"
	WordLeft    Action = "word_left"
	WordRight   Action = "word_right"
	CutWord     Action = "cut_word"
	CutWordNext Action = "cut_word_next"
	CutLine     Action = "cut_line"
	TextStart   Action = "text_start"
	TextEnd     Action = "text_end"
	Undo        Action = "undo"

	Up       Action = "up"
	Down     Action = "down"
	Top      Action = "top"
	Bottom   Action = "bottom"
	PageUp   Action = "page_up"
	PageDown Action = "page_down"

	AddRef    Action = "add_reference"
	RemoveRef Action = "remove_reference"
	RefLater  Action = "reference_later"
	RefSooner Action = "reference_sooner"
	NextRef   Action = "next_reference"
	PrevRef   Action = "previous_reference"
	ClearRefs Action = "clear_references"

	StepNext Action = "step_next"
	StepPrev Action = "step_previous"
	Choose   Action = "choose"

	PickProvider Action = "pick_provider"
	PickModel    Action = "pick_model"
	PickRatio    Action = "pick_ratio"
	PickSize     Action = "pick_size"
	Messages     Action = "messages"

	Filter     Action = "filter"
	Details    Action = "details"
	Edit       Action = "edit"
	EditPrompt Action = "edit_prompt"
	Again      Action = "again"
	GiveUp     Action = "give_up"
	Download   Action = "download"
	CopyPath   Action = "copy_path"
	CopyURL    Action = "copy_url"
	CopyPrompt Action = "copy_prompt"
	CopyFetch  Action = "copy_fetch"
	Open       Action = "open"
	UseAsRef   Action = "use_as_reference"
	Inspect    Action = "inspect"
	Unsure     Action = "unsure"
	NextResult Action = "next_result"
	PrevResult Action = "previous_result"

	Find       Action = "find"
	Star       Action = "star"
	Tags       Action = "tags"
	Trash      Action = "trash"
	TakeBack   Action = "take_back"
	Pick       Action = "pick"
	PickRange  Action = "pick_range"
	PickAll    Action = "pick_all"
	ShowTrash  Action = "show_trash"
	EmptyTrash Action = "empty_trash"
	Grid       Action = "grid"
	Left       Action = "left"
	Right      Action = "right"
	PickLeft   Action = "pick_left"
	PickRight  Action = "pick_right"
	PickUp     Action = "pick_up"
	PickDown   Action = "pick_down"

	Accept   Action = "accept"
	Cancel   Action = "cancel"
	Complete Action = "complete"

	NextMatch Action = "next_match"

	NextSection Action = "next_section"
	PrevSection Action = "previous_section"
	CopyShown   Action = "copy_shown"
)

// Table is every binding there is. The help and the README keep its order. It
// is read only.
var Table = []Entry{
	{Everywhere, Palette, []string{"ctrl+p"}, ""},
	{Everywhere, Help, []string{"ctrl+g", "f1"}, ""},
	{Everywhere, NextPane, []string{"tab"}, ""},
	{Everywhere, PrevPane, []string{"shift+tab"}, ""},
	{Everywhere, ToPrompt, []string{"esc"}, ""},
	{Everywhere, OtherPage, []string{"ctrl+t", "f2"}, ""},
	{Everywhere, Suspend, []string{"ctrl+z"}, ""},
	{Everywhere, Redraw, []string{"ctrl+l"}, ""},
	{Everywhere, Quit, []string{"ctrl+c"}, ""},
	{Everywhere, PickProvider, nil, ""},
	{Everywhere, PickModel, nil, ""},
	{Everywhere, PickRatio, nil, ""},
	{Everywhere, PickSize, nil, ""},
	{Everywhere, Messages, nil, ""},

	{Prompt, Generate, []string{"enter"}, ""},
	{Prompt, Newline, []string{"ctrl+j", "alt+enter", "shift+enter"}, ""},
	{Prompt, Search, []string{"ctrl+r"}, ""},
	{Prompt, Earlier, []string{"up"}, "↑"},
	{Prompt, Later, []string{"down"}, "↓"},
	{Prompt, Editor, []string{"ctrl+o"}, ""},
	{Prompt, Clear, []string{"ctrl+u"}, ""},
	{Prompt, Undo, []string{"ctrl+_", "ctrl+/"}, "ctrl+/"},
	{Prompt, LineStart, []string{"ctrl+a", "home"}, ""},
	{Prompt, LineEnd, []string{"ctrl+e", "end"}, ""},
	{Prompt, WordLeft, []string{"alt+b", "ctrl+left", "alt+left"}, ""},
	{Prompt, WordRight, []string{"alt+f", "ctrl+right", "alt+right"}, ""},
	{Prompt, CutWord, []string{"ctrl+w", "alt+backspace", "ctrl+backspace"}, ""},
	{Prompt, CutWordNext, []string{"alt+d", "ctrl+delete"}, ""},
	{Prompt, CutLine, []string{"ctrl+k"}, ""},
	{Prompt, TextStart, []string{"ctrl+home", "alt+<"}, ""},
	{Prompt, TextEnd, []string{"ctrl+end", "alt+>"}, ""},
	{Prompt, PageUp, []string{"pgup"}, ""},
	{Prompt, PageDown, []string{"pgdown"}, ""},

	{References, AddRef, []string{"a"}, ""},
	{References, RemoveRef, []string{"x", "delete"}, ""},
	{References, RefLater, []string{"J", "shift+right"}, ""},
	{References, RefSooner, []string{"K", "shift+left"}, ""},
	{References, NextRef, []string{"right", "l", "down", "j"}, "→ l"},
	{References, PrevRef, []string{"left", "h", "up", "k"}, "← h"},
	{References, ClearRefs, nil, ""},

	{Parameters, StepNext, []string{"right", "l"}, "→ l"},
	{Parameters, StepPrev, []string{"left", "h"}, "← h"},
	{Parameters, Choose, []string{"enter"}, ""},
	{Parameters, Down, []string{"down", "j"}, "↓ j"},
	{Parameters, Up, []string{"up", "k"}, "↑ k"},

	{Tasks, Details, []string{"enter"}, ""},
	{Tasks, Edit, []string{"e"}, ""},
	{Tasks, EditPrompt, []string{"E"}, ""},
	{Tasks, Again, []string{"r"}, ""},
	{Tasks, GiveUp, []string{"x"}, ""},
	{Tasks, Unsure, []string{"u"}, ""},
	{Tasks, Download, []string{"d"}, ""},
	{Tasks, CopyPath, []string{"y"}, ""},
	{Tasks, CopyURL, []string{"Y"}, ""},
	{Tasks, CopyPrompt, []string{"p"}, ""},
	{Tasks, CopyFetch, []string{"S"}, ""},
	{Tasks, Open, []string{"o"}, ""},
	{Tasks, UseAsRef, []string{"f"}, ""},
	{Tasks, Inspect, []string{"i"}, ""},
	{Tasks, NextResult, []string{"right", "l"}, "→ l"},
	{Tasks, PrevResult, []string{"left", "h"}, "← h"},
	{Tasks, Filter, []string{"/"}, ""},
	{Tasks, Down, []string{"down", "j"}, "↓ j"},
	{Tasks, Up, []string{"up", "k"}, "↑ k"},
	{Tasks, Top, []string{"g", "home"}, ""},
	{Tasks, Bottom, []string{"G", "end"}, ""},
	{Tasks, PageUp, []string{"pgup"}, ""},
	{Tasks, PageDown, []string{"pgdown"}, ""},

	{Gallery, Details, []string{"enter"}, ""},
	{Gallery, Find, []string{"/"}, ""},
	{Gallery, Edit, []string{"e"}, ""},
	{Gallery, EditPrompt, []string{"E"}, ""},
	{Gallery, Again, []string{"r"}, ""},
	{Gallery, UseAsRef, []string{"f"}, ""},
	{Gallery, Star, []string{"s"}, ""},
	{Gallery, Tags, []string{"t"}, ""},
	{Gallery, Trash, []string{"x", "delete"}, ""},
	{Gallery, TakeBack, []string{"u"}, ""},
	{Gallery, Pick, []string{"space"}, ""},
	{Gallery, PickRange, []string{"v"}, ""},
	{Gallery, PickAll, []string{"a"}, ""},
	{Gallery, CopyPath, []string{"y"}, ""},
	{Gallery, CopyURL, []string{"Y"}, ""},
	{Gallery, CopyPrompt, []string{"p"}, ""},
	{Gallery, CopyFetch, []string{"S"}, ""},
	{Gallery, Open, []string{"o"}, ""},
	{Gallery, Inspect, []string{"i"}, ""},
	{Gallery, Grid, []string{"L"}, ""},
	{Gallery, ShowTrash, []string{"T"}, ""},
	{Gallery, EmptyTrash, []string{"X"}, ""},
	{Gallery, Left, []string{"left", "h"}, "← h"},
	{Gallery, Right, []string{"right", "l"}, "→ l"},
	{Gallery, Down, []string{"down", "j"}, "↓ j"},
	{Gallery, Up, []string{"up", "k"}, "↑ k"},
	{Gallery, PickLeft, []string{"shift+left"}, "shift+←"},
	{Gallery, PickRight, []string{"shift+right"}, "shift+→"},
	{Gallery, PickDown, []string{"shift+down"}, "shift+↓"},
	{Gallery, PickUp, []string{"shift+up"}, "shift+↑"},
	{Gallery, Top, []string{"g", "home"}, ""},
	{Gallery, Bottom, []string{"G", "end"}, ""},
	{Gallery, PageUp, []string{"pgup"}, ""},
	{Gallery, PageDown, []string{"pgdown"}, ""},

	{Outside, Help, []string{"?"}, ""},
	{Outside, Quit, []string{"q"}, ""},

	{Popup, Accept, []string{"enter"}, ""},
	{Popup, Cancel, []string{"esc"}, ""},
	{Popup, Down, []string{"down", "ctrl+n"}, "↓"},
	{Popup, Up, []string{"up", "ctrl+p"}, "↑"},
	{Popup, PageUp, []string{"pgup"}, ""},
	{Popup, PageDown, []string{"pgdown"}, ""},
	{Popup, Top, []string{"home"}, ""},
	{Popup, Bottom, []string{"end"}, ""},
	{Popup, Complete, []string{"tab"}, ""},
	{Popup, NextMatch, []string{"ctrl+r"}, ""},

	{Viewer, CopyShown, []string{"y"}, ""},
	{Viewer, NextSection, []string{"tab", "right", "l"}, "tab →"},
	{Viewer, PrevSection, []string{"shift+tab", "left", "h"}, "←"},
	{Viewer, Down, []string{"down", "j"}, "↓ j"},
	{Viewer, Up, []string{"up", "k"}, "↑ k"},
	{Viewer, PageDown, []string{"pgdown", "space"}, ""},
	{Viewer, PageUp, []string{"pgup", "b"}, ""},
	{Viewer, Top, []string{"g", "home"}, ""},
	{Viewer, Bottom, []string{"G", "end"}, ""},
	{Viewer, Cancel, []string{"q"}, ""},
}
