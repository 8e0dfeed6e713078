import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import software.amazon.event.ruler.Machine;

/** Reads {"pattern", "event"} as JSON lines and answers each with one line: matches, differs, or refused. */
public class Verdicts {
    private static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Map<?, ?> question = JSON.readValue(line, Map.class);
            out.println(verdict((String) question.get("pattern"), (String) question.get("event")));
        }
        out.flush();
    }

    private static String verdict(String pattern, String event) throws Exception {
        Machine machine = new Machine();
        try {
            machine.addRule("rule", pattern);
        } catch (Exception | AssertionError refusal) {
            return "refused";
        }
        return machine.rulesForJSONEvent(event).isEmpty() ? "differs" : "matches";
    }
}
