using PortMgmt.RabbitMq.Tests.Support;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.CommandLine;

[Collection(BrokerTests.Name)]
public sealed class ExitTests(BrokerFixture fixture)
{
    private const string Secret = "s3cret-of-nobody";

    [SkippableTheory]
    [InlineData("submit")]
    [InlineData("worker")]
    public async Task WrongPassword_EndsWithSixAndShowsNoPassword(string verb) => await AssertFailsAsync(
        verb, $"amqp://guest:{Secret}@127.0.0.1:{fixture.Broker.Port}", 6, "refuses the login");

    [SkippableTheory]
    [InlineData("submit")]
    [InlineData("worker")]
    public async Task WrongVirtualHost_EndsWithSix(string verb) => await AssertFailsAsync(
        verb, $"amqp://127.0.0.1:{fixture.Broker.Port}/nowhere", 6, "no virtual host 'nowhere'");

    [Theory]
    [InlineData("submit")]
    [InlineData("worker")]
    public async Task NoBroker_EndsWithSix(string verb) => await AssertFailsAsync(
        verb, $"amqp://guest:{Secret}@127.0.0.1:1", 6, "amqp://127.0.0.1:1 cannot be reached");

    [Theory]
    [InlineData("submit")]
    [InlineData("worker")]
    public async Task NoBrokerNamed_EndsWithTwo(string verb) => await AssertFailsAsync(verb, null, 2, "PORTMGMT_BROKER");

    [Theory]
    [InlineData("submit")]
    [InlineData("worker")]
    public async Task TypeThatIsNone_EndsWithTwo(string verb) => await AssertFailsAsync(verb, "amqp://127.0.0.1:1", 2, "no type", type: "no type");

    [SkippableFact]
    public async Task TypeThatNobodyServed_EndsWithSix() => await AssertFailsAsync(
        "submit", fixture.Broker.Url, 6, "No worker of the cluster ever served operations of type 'unheard'", type: "unheard");

    [SkippableFact]
    public async Task BatchThatIsOpenElsewhere_EndsWithFive()
    {
        await using LocalNode node = await LocalNode.StartAsync(fixture.Broker.Cluster("cli-exit"), "job", 1);
        await using (await new RabbitMqTransport().OpenBatchAsync(fixture.Broker.Cluster("cli-exit"), new() { BatchId = "mine" }, CancellationToken.None))
        {
            await AssertFailsAsync("submit", fixture.Broker.Url, 5, "Batch 'mine' is open in another submitter", "--batch-id", "mine");
        }
    }

    private static Task AssertFailsAsync(string verb, string? broker, int exitCode, string reason, string type) =>
        AssertFailsAsync(verb, broker, exitCode, reason, "--type", type);

    private static async Task AssertFailsAsync(string verb, string? broker, int exitCode, string reason, params string[] options)
    {
        string[] type = options.Contains("--type") ? [] : ["--type", "job"];
        string[] command = verb == "worker" ? ["--", "cat"] : [];
        await using var process = CliProcess.Start(broker, [verb, "--cluster", "cli-exit", .. type, .. options, .. command]);
        process.Feed("1");
        Assert.True(await process.EndAsync() == exitCode, process.Error);
        Assert.Contains(reason, process.Error, StringComparison.Ordinal);
        Assert.All(process.Error.Split('\n'), line => Assert.StartsWith("portmgmt: ", line, StringComparison.Ordinal));
        Assert.DoesNotContain(Secret, process.Error + process.Output, StringComparison.Ordinal);
    }
}
