package flyby.report;

/// A terminal's colours, or none.
record Paint(boolean colour) {
    String bold(String text) {
        return with("\u001b[1m", text);
    }

    String red(String text) {
        return with("\u001b[31;1m", text);
    }

    String green(String text) {
        return with("\u001b[32m", text);
    }

    String dim(String text) {
        return with("\u001b[2m", text);
    }

    private String with(String code, String text) {
        return colour ? code + text + "\u001b[0m" : text;
    }
}
