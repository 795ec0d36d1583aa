package task_test

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"os"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"easel/backend/backendtest"
)

// TestFaults holds testdata/faults.md, the table of what goes wrong on the way
// to a provider: each cell with every provider that has the step.
func TestFaults(t *testing.T) {
	rows := faults()
	for _, line := range table(t) {
		name := line[0]
		i := slices.IndexFunc(rows, func(f fault) bool { return f.name == name })
		if i < 0 {
			t.Errorf("nobody knows how to make %q", name)
			continue
		}
		f := rows[i]
		rows = slices.Delete(rows, i, i+1)
		for i, step := range []string{"submit", "poll", "batch", "stream", "download"} {
			t.Run(name+"/"+step, func(t *testing.T) { cell(t, f, step, line[i+1]) })
		}
	}
	for _, f := range rows {
		t.Errorf("%q is not in the table", f.name)
	}
}

// table reads the rows of the table.
func table(t *testing.T) (rows [][]string) {
	t.Helper()
	data, err := os.ReadFile("testdata/faults.md")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 8 || strings.HasPrefix(cells[1], "-") || strings.Contains(cells[1], "fault") {
			continue
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, cells[1:7])
	}
	return rows
}

// others finds the second outcome of a cell, and whose it is.
var others = regexp.MustCompile(`^(.*), with ([a-z ]+): (.*)$`)

func cell(t *testing.T, f fault, step, want string) {
	servers := backendtest.Names()
	switch step {
	case "batch":
		servers = []string{"acedata"}
	case "stream":
		servers = []string{"grsai"}
	}
	if !f.at(step) {
		if want != "—" {
			t.Errorf("%q is held by nothing", want)
		}
		return
	}
	two := others.FindStringSubmatch(want)
	for _, server := range servers {
		want := want
		if two != nil && slices.Contains(strings.Fields(two[2]), server) {
			want = two[3]
		} else if two != nil {
			want = two[1]
		}
		synctest.Test(t, func(t *testing.T) {
			if got := try(t, server, step, f); got != want {
				t.Errorf("%s: %s\nwant %s", server, got, want)
			}
		})
	}
}

// fault is a row of the table.
type fault struct {
	name  string
	dial  error                                 // there never was a connection
	usual func(server string) backendtest.Fault // of the steps that have none below
	own   map[string]func(server string) backendtest.Fault
	first time.Duration    // it goes on for so long; 0: once
	plan  backendtest.Plan // how the task goes
	not   string           // the steps where it makes no sense
}

func (f fault) at(step string) bool { return !strings.Contains(f.not, step) }

// of makes the fault for a step; false if it is none of an answer.
func (f fault) of(server, step string) (backendtest.Fault, bool) {
	usual := f.usual
	if own := f.own[step]; own != nil {
		usual = own
	}
	if usual == nil {
		return backendtest.Fault{}, false
	}
	what := usual(server)
	if f.first > 0 {
		what.Times = -1
	}
	return what, true
}

// always gives the same fault for every provider.
func always(f backendtest.Fault) func(string) backendtest.Fault {
	return func(string) backendtest.Fault { return f }
}

// said is an answer with a body of each provider.
func said(status int, bodies map[string]string) func(string) backendtest.Fault {
	return func(server string) backendtest.Fault { return backendtest.Answer(status, bodies[server]) }
}

// ownErrors are the providers' own errors.
var ownErrors = map[string]string{
	"haoee":   `{"error":{"message":"out of order","type":"server_error","code":"server_error"}}`,
	"grsai":   `{"id":"","status":"failed","error":"out of order"}`,
	"uniall":  `{"error":{"message":"out of order","type":"server_error","code":"server_error"}}`,
	"acedata": `{"success":false,"error":{"code":"api_error","message":"out of order"},"trace_id":"t-1"}`,
	"defapi":  `{"code":1,"message":"failed","detail":"out of order"}`,
}

// inside are errors under a good status.
var inside = map[string]string{
	"haoee":   `{"code":"server_error","message":"out of order"}`,
	"grsai":   `{"code":-1,"msg":"out of order","data":null}`,
	"uniall":  `{"code":"server_error","message":"out of order"}`,
	"acedata": `{"success":false,"error":{"code":"bad_request","message":"out of order"},"trace_id":"t-1"}`,
	"defapi":  `{"code":1,"message":"failed","detail":"out of order"}`,
}

// rejections are answers to a key that is not taken any more.
var rejections = map[string]string{
	"haoee":   `{"error":{"message":"Invalid API key","type":"invalid_request_error","code":"invalid_api_key"}}`,
	"grsai":   `{"id":"","status":"failed","error":"apikey error"}`,
	"uniall":  `{"error":{"message":"Invalid API key","code":"invalid_api_key"}}`,
	"acedata": `{"success":false,"error":{"code":"invalid_token","message":"Invalid API key"},"trace_id":"t-1"}`,
	"defapi":  `{"code":401,"message":"Invalid API key"}`,
}

// unknowns are answers about a task that is not known, or not yet.
var unknowns = map[string]string{
	"haoee":   `{"code":"task_not_exist","message":"task not found"}`,
	"grsai":   `{"code":-22,"msg":"task does not exist","data":null}`,
	"uniall":  `{"code":"task_not_exist","message":"task not found","data":null}`,
	"acedata": `{"success":false,"error":{"code":"not_found","message":"task not found"},"trace_id":"t-1"}`,
	"defapi":  `{"code":1,"message":"task not found"}`,
}

// nameless are good answers that name no task.
var nameless = map[string]string{
	"haoee": `{"status":"QUEUED"}`, "grsai": `{"status":"running","progress":0}`, "uniall": `{"status":"queued"}`,
	"acedata": `{"trace_id":"t-1"}`, "defapi": `{"code":0,"message":"ok","data":{}}`,
}

// faults are the rows.
func faults() []fault {
	stranger := &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}
	limited := func(after time.Duration) func(string) backendtest.Fault { return always(backendtest.Limited(after)) }
	page := func(status int) func(string) backendtest.Fault { return always(backendtest.HTML(status)) }
	return []fault{
		{name: "connection refused", dial: &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}},
		{name: "TLS error", dial: stranger},
		{name: "429, Retry-After: 90", usual: limited(90 * time.Second)},
		{name: "429", usual: limited(0)},
		{name: "500, own error", usual: said(500, ownErrors)},
		{name: "500", usual: always(backendtest.Answer(500, "oops"))},
		{name: "502", usual: page(502)},
		{name: "503, HTML", usual: page(503)},
		{name: "504", usual: page(504)},
		{name: "524", usual: page(524)},
		{name: "hang-up before", usual: always(backendtest.Fault{HangUp: backendtest.BeforeRead})},
		{name: "hang-up after", usual: always(backendtest.Fault{Carry: true, HangUp: backendtest.AfterRead})},
		{name: "time-out", usual: always(backendtest.Fault{Never: true})},
		{name: "cut JSON", usual: always(backendtest.Fault{Cut: 20}), own: map[string]func(string) backendtest.Fault{
			"download": always(backendtest.Fault{Cut: 100})}},
		{name: "cut behind the id", plan: backendtest.Plan{BreakAt: 2}, not: "submit poll batch download"},
		{name: "wrong JSON", usual: always(backendtest.Answer(200, `{"hello":"world"}`))},
		{name: "2xx without an id", usual: said(202, nameless), not: "download"},
		{name: "200, an error inside", usual: said(200, inside)},
		{name: "401 in mid-life", usual: said(401, rejections)},
		{name: "404 for 10 s", usual: said(404, unknowns), first: 10 * time.Second},
	}
}
