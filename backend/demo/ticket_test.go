package demo

import (
	"encoding/base64"
	"reflect"
	"strings"
	"testing"
	"time"

	"easel/backend/demo/paint"
)

func sampleTicket() ticket {
	t := ticket{
		model: 1, size: size{3840, 2160}, quality: 2, format: 1, count: 4, fault: faultSlow | faultBusy,
		start: time.UnixMilli(1_795_000_123_456), salt: 0xBEEF, plan: paint.Read("a red cat on a mountain at night, 水彩"),
	}
	t.plan.Mix([]paint.RGB{{1, 2, 3}, {200, 100, 50}})
	return t
}

func TestTicketsSurviveTheirText(t *testing.T) {
	want := sampleTicket()
	id := want.String()
	got, err := readTicket(id)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v\nwant %+v", got, err, want)
	}
	if len(id) > 120 || strings.ContainsAny(id, "/+=?&# .") {
		t.Errorf("%q is long, or not fit for an address", id)
	}
	long := want
	long.plan = paint.Read(strings.Repeat("a cat a dog a fox in a city at night, red blue green 山 海 花 ", 1000))
	if n := len(long.String()); n > 140 {
		t.Errorf("the id of a long prompt has %d characters", n)
	}
}

func TestTicketsThatAreNotOurs(t *testing.T) {
	id := sampleTicket().String()
	for n := range id {
		if _, err := readTicket(id[:n]); err == nil {
			t.Fatalf("cut to %q it is read", id[:n])
		}
		other := byte('A')
		if id[n] == other {
			other = 'B'
		}
		if _, err := readTicket(id[:n] + string(other) + id[n+1:]); err == nil {
			t.Fatalf("changed at %d it is read", n)
		}
	}
	for _, bad := range []string{"", "demo_", "demo_AAAA", id + "A", strings.ToUpper(id), " " + id, "demo_" + strings.Repeat("A", 5000)} {
		if _, err := readTicket(bad); err == nil {
			t.Errorf("%.40q is read", bad)
		}
	}
	huge := sampleTicket()
	huge.size = size{65535, 65535}
	if _, err := readTicket(huge.String()); err == nil {
		t.Error("65,535 x 65,535 pixels are read")
	}
}

func FuzzReadTicket(f *testing.F) {
	f.Add(sampleTicket().String())
	f.Add("demo_AQ")
	f.Fuzz(func(t *testing.T, id string) {
		got, err := readTicket(id)
		if err != nil { // once more, with the sum made right
			b, wrong := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(id, ticketPrefix))
			if wrong != nil {
				return
			}
			id = ticketPrefix + base64.RawURLEncoding.EncodeToString(append(b, sum(b)...))
			if got, err = readTicket(id); err != nil {
				return
			}
		}
		if got.String() != id {
			t.Errorf("%q became %q", id, got.String())
		}
		for _, s := range []time.Duration{0, time.Second, 8 * time.Second, 200 * time.Second} {
			got.at(s)
		}
	})
}
