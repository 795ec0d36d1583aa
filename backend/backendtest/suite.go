package backendtest

import (
	"net/http"
	"testing"

	"easel/backend"
)

// Subject is a driver that the suite looks at.
type Subject struct {
	Server string // whose protocol it speaks: one of Names
	Open   func(Opening) (*backend.Provider, error)
}

// Opening is what a driver is opened with.
type Opening struct {
	BaseURL string // with a slash at the end, and often a path
	Key     string
	Client  *http.Client // the requests must go through its transport
}

// Run runs the suite: what every driver must get right, and what is special
// about the protocol that it speaks. There is nothing to skip: a difference
// between providers is data.
func Run(t *testing.T, s Subject) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, Subject)
	}{
		{"Description", description},
		{"EveryAllowedValueIsSent", everyAllowedValueIsSent},
		{"EveryReferenceIsSent", everyReferenceIsSent},
		{"RefusedBeforeTheWire", refusedBeforeTheWire},
		{"Life", life},
		{"StatusWords", statusWords},
		{"ReadyAtOnce", readyAtOnce},
		{"TicketOutlivesTheDriver", ticketOutlivesTheDriver},
		{"UnknownTicket", unknownTicket},
		{"Failed", failed},
		{"Refusals", refusals},
		{"Moderated", moderated},
		{"Garbled", garbled},
		{"Downloads", downloads},
		{"Fates", fates},
		{"TimedOut", timedOut},
		{"Canceled", canceled},
		{"KeyStaysHome", keyStaysHome},
		{"NoRedirects", noRedirects},
		{"NoEscapesOnScreen", noEscapesOnScreen},
		{"OwnConnection", ownConnection},
		{"ManyAtOnce", manyAtOnce},
		{"NoKey", noKey},
		{"Special", special},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, s) })
	}
}
