import java.nio.file.Path;
import java.time.LocalDate;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.MeasuresApi;
import org.openapitools.client.api.ScreeningApi;
import org.openapitools.client.model.CalendarPage;
import org.openapitools.client.model.Counterparty;
import org.openapitools.client.model.Problem;
import org.openapitools.client.model.ScreeningAnswer;
import org.openapitools.client.model.ScreeningQuestion;
import org.openapitools.client.model.SearchAnswer;

/** A program on the classes that openapi-generator makes of the OpenAPI document. */
public class Calls {
    private static final LocalDate DAY = LocalDate.of(2026, 8, 1);
    private static final ApiClient client = new ApiClient();
    private static ScreeningApi screening;

    /** Takes the address of the service, and the file of an answer of a later version. */
    public static void main(String[] arguments) throws Exception {
        client.updateBaseUri(arguments[0]);
        screening = new ScreeningApi(client);
        SearchAnswer found = search("Hikvision");
        String name = found.getHits().get(0).getListing().getNames().get(0).getText();
        String status = found.getHits().get(0).getMeasures().get(0).getStatus();
        System.out.println("search: " + found.getOutcome() + ", " + status + ", " + name);
        System.out.println("clear: " + search("Plain Bakery").getHits().size() + " hits");

        ScreeningQuestion question = new ScreeningQuestion()
            .addCounterpartiesItem(new Counterparty().name("Rosoboroneksport").addCountriesItem("RU"))
            .addCounterpartiesItem(new Counterparty().name("Plain Bakery"));
        ScreeningAnswer screened = screening.screen(question, null, null, null);
        screened.getResults().forEach(each -> System.out.println("screening: " + each.getName()));

        CalendarPage page = new MeasuresApi(client)
            .listComingChanges(DAY, null, null, 3L, null, null, null, null, null, null, null, null);
        boolean isLater = page.getItems().get(0).getOn().isAfter(DAY);
        System.out.println("calendar: " + page.getItems().size() + ", " + isLater);

        try {
            search("x".repeat(5_000));
        } catch (ApiException refused) {
            Problem problem = client.getObjectMapper().readValue(refused.getResponseBody(), Problem.class);
            String field = problem.getErrors().get(0).getField();
            System.out.println("error: " + refused.getCode() + ", " + field);
        }

        ScreeningAnswer later = client.getObjectMapper()
            .readValue(Path.of(arguments[1]).toFile(), ScreeningAnswer.class);
        String word = later.getResults().get(0).getHits().get(0).getMeasures().get(0).getStatus();
        System.out.println("later: " + word + ", " + later.getResults().get(0).getOutcome());
    }

    private static SearchAnswer search(String name) throws ApiException {
        return screening.search(name, DAY, null, null, null, null, null, null, null, null, null, null, null);
    }
}
