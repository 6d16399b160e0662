// Without PROBE_TIMEOUT a site that answers at once is up.
package main

import (
	"net/http"
	"net/http/httptest"
	"os/exec"
	"testing"
)

func TestDefault(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer site.Close()
	said, err := exec.Command("go", "run", "./cmd/probe", site.URL).CombinedOutput()
	if err != nil {
		t.Fatalf("DEFECT: %s", said)
	}
}
