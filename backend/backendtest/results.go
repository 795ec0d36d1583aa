package backendtest

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// resultsHost is the host of the results where nothing listens.
const resultsHost = "results.test"

// results is the host of pictures: another host or port than the API's, to which
// no key may come (rule 8 of what is known about the providers).
type results struct {
	h    *Handler
	base string
	sent []Sent
}

// ResultsURL is the address of the host of the results.
func (h *Handler) ResultsURL() string { return h.results.base }

// Results is the host of the results, for who wants to listen by themselves.
func (h *Handler) Results() http.Handler { return h.results }

// ServeHTTP serves /output/<id>/<index>.png.
func (f *results) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s := Sent{Step: StepDownload, Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(), Header: r.Header.Clone(), At: time.Now()}
	f.judge(&s, r)
	fault, bad := f.h.takeFault(StepDownload)
	s.Faulted = bad
	f.h.mu.Lock()
	f.sent = append(f.sent, s)
	f.h.mu.Unlock()
	if len(s.Illegal) > 0 {
		http.Error(w, "forbidden", http.StatusForbidden)
		return
	}
	if bad {
		fault.serve(w, r, f.picture)
		return
	}
	f.picture(w, r)
}

func (f *results) judge(s *Sent, r *http.Request) {
	var all strings.Builder
	all.WriteString(r.URL.String())
	r.Header.Write(&all)
	if strings.Contains(all.String(), f.h.key) || s.Header.Get("Authorization") != "" {
		s.illegal("the key came to the host of the results")
	}
	if r.Method != http.MethodGet {
		s.illegal("a download is a GET")
	}
	if s.Header.Get("ModelName") != "" {
		s.illegal("a header of the API came to the host of the results")
	}
	if !strings.HasPrefix(s.Header.Get("User-Agent"), "Mozilla/") {
		s.illegal("the User-Agent of a download does not start with Mozilla/")
	}
}

func (f *results) picture(w http.ResponseWriter, r *http.Request) {
	id, file, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/output/"), "/")
	i, err := strconv.Atoi(strings.TrimSuffix(file, ".png"))
	f.h.mu.Lock()
	t, ok := f.h.tasks[id]
	f.h.mu.Unlock()
	if err != nil || !ok || i < 0 || i >= t.Count {
		http.NotFound(w, r)
		return
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.h.bytes(*t, i)))
}
