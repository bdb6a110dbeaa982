//go:build linux && cgo && desktop

package webview

/*
#cgo pkg-config: gtk+-3.0 webkit2gtk-4.1
#include <gtk/gtk.h>
#include <webkit2/webkit2.h>

// A page that ends its process whenever it is loaded would do so for ever.
#define MOST 5
#define WITHIN (60 * G_USEC_PER_SEC)

static gint64 ends[MOST];
static int next;

static void gone(WebKitWebView *view, WebKitWebProcessTerminationReason reason, gpointer data) {
	gint64 now = g_get_monotonic_time(), first = ends[next];
	ends[next] = now;
	next = (next + 1) % MOST;
	if (first == 0 || now - first > WITHIN) webkit_web_view_reload(view);
}

static void find(GtkWidget *widget, gpointer data) {
	if (WEBKIT_IS_WEB_VIEW(widget)) g_signal_connect(widget, "web-process-terminated", G_CALLBACK(gone), NULL);
	else if (GTK_IS_CONTAINER(widget)) gtk_container_forall(GTK_CONTAINER(widget), find, NULL);
}

static gboolean watch(gpointer data) {
	GList *windows = gtk_window_list_toplevels();
	for (GList *w = windows; w != NULL; w = w->next) find(GTK_WIDGET(w->data), NULL);
	g_list_free(windows);
	return G_SOURCE_REMOVE;
}

static void reload_when_gone(void) { g_idle_add(watch, NULL); }
*/
import "C"

// ReloadWhenGone watches the web views of all windows there are. It may be called from any thread.
func ReloadWhenGone() { C.reload_when_gone() }
