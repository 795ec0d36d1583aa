// Package result is one of the results of a task, and what can be done with it
// without changing a page: copying, opening, inspecting. Every page on which
// results are seen does these in the same words.
package result

import (
	"strings"

	"easel/backend/task"
	"easel/ui/ask"
	"easel/ui/keys"
	"easel/ui/parts"
	"easel/ui/parts/details"
)

// Result is a result of a task: At counts those that there are (details.Results).
// A task without any can be asked for its prompt.
type Result struct {
	Task task.Task
	At   int
}

// Index gives the place of the result among the files of its task; false if
// there is none.
func (r Result) Index() (int, bool) {
	list := details.Results(r.Task)
	if len(list) == 0 {
		return 0, false
	}
	return list[max(0, min(r.At, len(list)-1))], true
}

// File gives the saved file of the result.
func (r Result) File() (file task.File, index int, ok bool) {
	i, ok := r.Index()
	if !ok || i >= len(r.Task.Files) || r.Task.Files[i].Path == "" {
		return task.File{}, 0, false
	}
	return r.Task.Files[i], i, true
}

// Address gives the address of the result, "" if there is none.
func (r Result) Address() string {
	if f, _, ok := r.File(); ok && f.URL != "" {
		return f.URL
	}
	if i, ok := r.Index(); ok && i < len(r.Task.Images) {
		return r.Task.Images[i].URL
	}
	return ""
}

// Acts says whether an action is one of those that Do carries out.
func Acts(a keys.Action) bool {
	switch a {
	case keys.CopyPath, keys.CopyURL, keys.CopyPrompt, keys.CopyFetch, keys.Open, keys.Inspect:
		return true
	}
	return false
}

// most is how many pictures are opened at a time: each is a window.
const most = 8

// Do carries out an action on results; false if it is none of those that are
// here.
func Do(env parts.Env, a keys.Action, list ...Result) (asks []any, ok bool) {
	say := env.Words.Say
	switch a {
	case keys.CopyPath:
		return copied(env, list, Result.path, "studio.copy.path", "studio.say.no_file"), true
	case keys.CopyURL:
		return copied(env, list, Result.Address, "studio.copy.url", "studio.say.no_url"), true
	case keys.CopyPrompt:
		return copied(env, list, func(r Result) string { return r.Task.Request.Prompt }, "studio.copy.prompt", "studio.say.no_prompt"), true
	case keys.CopyFetch:
		if paths := each(list, Result.path); len(paths) > 0 {
			return []any{ask.Fetch{Paths: paths}}, true
		}
		return warn(say("studio.say.no_file")), true
	case keys.Open:
		paths := each(list, Result.path)
		switch {
		case len(paths) == 0:
			return warn(say("studio.say.no_file")), true
		case len(paths) > most:
			return warn(say("studio.say.too_many_open", most)), true
		}
		for _, p := range paths {
			asks = append(asks, ask.View{Path: p})
		}
		return asks, true
	case keys.Inspect:
		return []any{ask.Inspect{Task: list[0].Task}}, true
	}
	return nil, false
}

func (r Result) path() string {
	f, _, _ := r.File()
	return f.Path
}

// each gives what there is of every result, once.
func each(list []Result, of func(Result) string) (out []string) {
	seen := map[string]bool{"": true}
	for _, r := range list {
		if s := of(r); !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

func copied(env parts.Env, list []Result, of func(Result) string, what, none string) []any {
	texts := each(list, of)
	if len(texts) == 0 {
		return warn(env.Words.Say(none))
	}
	return []any{ask.Copy{Text: strings.Join(texts, "\n"), What: env.Words.Say(what)}}
}

func warn(text string) []any { return []any{ask.Say{Level: ask.Warn, Text: text}} }
