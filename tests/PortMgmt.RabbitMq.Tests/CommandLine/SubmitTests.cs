using System.Text.Json;
using PortMgmt.RabbitMq.Tests.Support;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.CommandLine;

[Collection(BrokerTests.Name)]
public sealed class SubmitTests(BrokerFixture fixture)
{
    private static readonly string[] Members =
        ["id", "status", "exitCode", "output", "error", "durationMs", "queueMs", "attempts", "cached", "node"];

    [SkippableFact]
    public async Task Submit_LinesOfTextAndJson_AWorkerAnswersEachWithOneJsonLine()
    {
        await using CliProcess worker = await StartWorkerAsync("cli-happy", "upper", "tr", "a-z", "A-Z");
        await using var submit = CliProcess.Start(fixture.Broker.Url, "submit", "--cluster", "cli-happy", "--type", "upper", "--keep-order");
        submit.Feed("one", """{"n":"two"}""", "", "three");

        Assert.True(await submit.EndAsync() == 0, submit.Error);
        JsonElement[] results = submit.Json;
        Assert.All(results, result => Assert.Equal(Members, result.EnumerateObject().Select(member => member.Name)));
        Assert.Equal(["ONE", """{"N":"TWO"}""", "THREE"], results.Select(result => result.GetProperty("output").GetString()!.TrimEnd('\n')));
        Assert.Equal([1, 2, 4], results.Select(result => result.GetProperty("id").GetInt32()));
        Assert.All(results, result => Assert.Equal(("succeeded", 0, "first"), (Text(result, "status"), result.GetProperty("exitCode").GetInt32(), Text(result, "node"))));
        Assert.Equal("", submit.Error);

        await worker.SignalAsync("TERM");
        Assert.Equal(0, await worker.EndAsync());
        Assert.Equal(3, worker.Json.Length);
        Assert.All(worker.Json, line => Assert.Equal(("upper", "succeeded"), (Text(line, "type"), Text(line, "status"))));
        Assert.Contains("3 operations ended, 0 of them failed", worker.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Submit_CommandFails_IsAResultAndEndsWithOne()
    {
        await using CliProcess worker = await StartWorkerAsync("cli-fails", "job", "sh", "-c", "echo so it goes >&2; exit $1", "sh", "{code}");
        await using var submit = CliProcess.Start(fixture.Broker.Url, "submit", "--cluster", "cli-fails", "--type", "job", "--id", "name");
        submit.Feed("""{"name":"good","code":0}""", """{"name":"bad","code":3}""");

        Assert.True(await submit.EndAsync() == 1, submit.Error);
        Dictionary<string, JsonElement> results = submit.Json.ToDictionary(result => Text(result, "id")!);
        Assert.Equal(("succeeded", 0), (Text(results["good"], "status"), results["good"].GetProperty("exitCode").GetInt32()));
        Assert.Equal(("failed", 3, "so it goes"), (Text(results["bad"], "status"), results["bad"].GetProperty("exitCode").GetInt32(), Text(results["bad"], "error")!.Trim()));
    }

    [SkippableFact]
    public async Task Submit_LineWithoutTheId_EndsWithTwoAfterTheResultsOfThoseBefore()
    {
        await using CliProcess worker = await StartWorkerAsync("cli-id", "job", "cat");
        await using var submit = CliProcess.Start(fixture.Broker.Url, "submit", "--cluster", "cli-id", "--type", "job", "--id", "name");
        submit.Feed("""{"name":"good"}""", """{"other":1}""");

        Assert.Equal(2, await submit.EndAsync());
        Assert.Contains("Line 2 of the input has no field 'name'", submit.Error, StringComparison.Ordinal);
        Assert.Equal("good", Text(Assert.Single(submit.Json), "id"));
    }

    [SkippableFact]
    public async Task Submit_Interrupted_GoesOnUnderItsIdAndHasEachResultOnce()
    {
        const int count = 40;
        string[] lines = [.. Enumerable.Range(1, count).Select(n => $"{n}")];
        using var scratch = new Scratch();
        string gate = scratch.Log("gate");

        // From the sixth on they wait: however late the signal comes, there is something left to do.
        await using CliProcess worker = await StartWorkerAsync(
            "cli-resume", "job", "sh", "-c", $"read n; test $n -le 5 || until test -e '{gate}'; do sleep 0.05; done; echo $n");
        string[] arguments = ["submit", "--cluster", "cli-resume", "--type", "job", "--batch-id", "nightly"];
        await using (var first = CliProcess.Start(fixture.Broker.Url, arguments))
        {
            first.Feed(lines);
            await Eventually.HoldsAsync(() => first.Json.Length > 3, "the first results");
            await first.SignalAsync("TERM");
            Assert.Equal(130, await first.EndAsync());
            Assert.Contains("the same input with --batch-id nightly goes on with it", first.Error, StringComparison.Ordinal);
        }

        File.WriteAllText(gate, "");
        await using var second = CliProcess.Start(fixture.Broker.Url, arguments);
        second.Feed(lines);
        Assert.True(await second.EndAsync() == 0, second.Error);
        Assert.Equal(Enumerable.Range(1, count), second.Json.Select(result => result.GetProperty("id").GetInt32()).Order());
    }

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();

    private async Task<CliProcess> StartWorkerAsync(string cluster, string type, params string[] command)
    {
        var worker = CliProcess.Start(fixture.Broker.Url, ["worker", "--cluster", cluster, "--node", "first", "--type", type, "--jobs", "2", "--", .. command]);
        await worker.SaysAsync("node first takes operations");
        return worker;
    }
}
