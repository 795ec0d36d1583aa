package task

import (
	"slices"
	"time"

	"easel/backend"
)

// ready takes over the results. What is saved already stays saved.
func (t Task) ready(e Event) Task {
	if t.Accepted.IsZero() {
		t.Accepted = e.At
	}
	images := slices.Clone(e.Snapshot.Images)
	if len(images) < len(t.Images) {
		images = append(images, t.Images[len(images):]...)
	}
	fetches := append(slices.Clone(t.Fetches), make([]Download, max(0, len(images)-len(t.Fetches)))...)
	for i, old := range t.Images {
		if old.URL != images[i].URL && !fetches[i].Over {
			fetches[i] = Download{} // another address: it is tried anew
		}
	}
	t.Images, t.Fetches = images, fetches
	t.Files = append(slices.Clone(t.Files), make([]File, max(0, len(images)-len(t.Files)))...)
	if t.ReadyAt.IsZero() {
		t.ReadyAt = e.At
	}
	t.Progress = 1
	if t.State == backend.Canceled {
		return t
	}
	t.State, t.Error = backend.Ready, nil
	return t
}

// hasAddress says whether a result may still be fetched.
func (t Task) hasAddress() bool {
	for i, image := range t.Images {
		if t.Wants(i) && (image.URL != "" || image.Data != nil) {
			return true
		}
	}
	return false
}

// Wants says whether result number i is to be fetched: it is not saved, and not
// known to be lost.
func (t Task) Wants(i int) bool {
	return i >= 0 && i < len(t.Images) && i < len(t.Files) && i < len(t.Fetches) &&
		t.Files[i].Path == "" && !t.Fetches[i].Over
}

// fetched applies what happens to a download.
func (t Task) fetched(e Event) Task {
	if e.Kind == Retried {
		return t.retried()
	}
	i := e.Index
	if i < 0 || i >= len(t.Images) || t.Files[i].Path != "" || t.State == backend.Done || t.State == backend.Failed {
		return t
	}
	fetches := slices.Clone(t.Fetches)
	t.Fetches = fetches
	f := &fetches[i]
	switch {
	case e.Kind == Saved && e.File != nil && e.File.Path != "":
		files, images := slices.Clone(t.Files), slices.Clone(t.Images)
		files[i], *f = *e.File, Download{}
		images[i].Data = nil
		t.Files, t.Images = files, images
	case e.Kind != Saved && e.Error != nil && !f.Over:
		if f.Tries++; f.Since.IsZero() {
			f.Since = e.At
		}
		f.Last, f.Error, f.Over, f.Rests = e.At, e.Error, e.Kind == Unsavable, e.Kind == Rested
	default:
		return t
	}
	t.Trouble = nil
	for _, f := range fetches {
		if f.Error != nil {
			t.Trouble = f.Error
		}
	}
	return t.settled(e)
}

// retried lets every download begin anew.
func (t Task) retried() Task {
	t.Fetches = slices.Clone(t.Fetches)
	for i := range t.Fetches {
		t.Fetches[i].Tries, t.Fetches[i].Since, t.Fetches[i].Last, t.Fetches[i].Rests = 0, time.Time{}, time.Time{}, false
	}
	return t
}

// settled ends a task that has nothing left to fetch: done when all is saved,
// failed when a result cannot be had.
func (t Task) settled(e Event) Task {
	if t.State != backend.Ready {
		return t
	}
	e.Error = nil
	for i, f := range t.Files {
		switch {
		case f.Path != "":
		case t.Fetches[i].Over:
			e.Error = t.Fetches[i].Error
		default:
			return t
		}
	}
	if e.Error != nil {
		return t.end(backend.Failed, e)
	}
	return t.end(backend.Done, e)
}

// Vast says whether a picture claims an edge that no provider paints, so that
// whoever opens it should think twice.
func (f File) Vast() bool { return f.Width > 1<<14 || f.Height > 1<<14 }
