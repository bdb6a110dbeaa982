// The floor: an empty web view in a window, without Go. It prints "painted" at the page's second animation frame.
#include <gtk/gtk.h>
#include <stdio.h>
#include <webkit2/webkit2.h>

static void titled(WebKitWebView *view, GParamSpec *spec, gpointer data) {
  (void)spec; (void)data;
  const char *t = webkit_web_view_get_title(view);
  if (t && g_str_equal(t, "painted")) { puts("painted"); fflush(stdout); }
}

int main(int argc, char **argv) {
  gtk_init(&argc, &argv);
  GtkWidget *window = gtk_window_new(GTK_WINDOW_TOPLEVEL);
  gtk_window_set_default_size(GTK_WINDOW(window), 1280, 820);
  WebKitSettings *settings = webkit_settings_new();
  webkit_settings_set_hardware_acceleration_policy(settings, WEBKIT_HARDWARE_ACCELERATION_POLICY_NEVER);
  GtkWidget *view = webkit_web_view_new_with_settings(settings);
  g_signal_connect(view, "notify::title", G_CALLBACK(titled), NULL);
  g_signal_connect(window, "destroy", G_CALLBACK(gtk_main_quit), NULL);
  gtk_container_add(GTK_CONTAINER(window), view);
  webkit_web_view_load_html(WEBKIT_WEB_VIEW(view),
    "<body>empty<script>requestAnimationFrame(() => requestAnimationFrame(() => { document.title = 'painted' }))</script>", "about:blank");
  gtk_widget_show_all(window);
  gtk_main();
  return 0;
}
