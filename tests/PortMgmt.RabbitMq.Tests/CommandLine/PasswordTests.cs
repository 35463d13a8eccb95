using PortMgmt.RabbitMq.Tests.Support;
using PortMgmt.TestKit;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.CommandLine;

/// <summary>Passwords that are on no command line.</summary>
[Collection(BrokerTests.Name)]
public sealed class PasswordTests(BrokerFixture fixture)
{
    [Theory]
    [InlineData("right-word\n")]
    [InlineData("right-word\r\nanother line\n")]
    [InlineData("\uFEFFright-word")]
    public async Task Submit_PasswordFromAFile_LogsIn(string text)
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["password"], text);
        await fixture.Broker.EvaluateAsync("""
            catch rabbit_auth_backend_internal:add_user(<<"filed">>, <<"right-word">>, <<"test">>),
            rabbit_auth_backend_internal:set_permissions(<<"filed">>, <<"/">>, <<".*">>, <<".*">>, <<".*">>, <<"test">>).
            """);
        await using var process = CliProcess.Start(fixture.Broker.Url, "submit", "--type", "unheard", "--cluster", "passwords", "--user", "filed", "--password-file", directory["password"]);
        process.Feed("1");
        Assert.Equal(6, await process.EndAsync());
        Assert.Contains("No worker of the cluster ever served", process.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_WrongPasswordInAFile_IsRefusedWithoutShowingIt()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["password"], "wrong-word");
        await using var process = CliProcess.Start(fixture.Broker.Url, "submit", "--type", "job", "--user", "guest", "--password-file", directory["password"]);
        process.Feed("1");
        Assert.Equal(6, await process.EndAsync());
        Assert.Contains("refuses the login", process.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-word", process.Error, StringComparison.Ordinal);
    }

    public static TheoryData<string[], string> Wrong => new()
    {
        { ["--password-file", "nothing"], "--user" },
        { ["--ask-password"], "--user" },
        { ["--user", "guest"], "--password-file" },
        { ["--user", "guest", "--password-file", "nothing"], "'nothing'" },
        { ["--user", "guest", "--password-file", "/dev/null"], "empty" },
        { ["--user", "guest", "--password-file", "/"], "cannot be read" },
        { ["--user", "guest", "--password-file", "x", "--ask-password"], "one of them" },
        { ["--user", "guest", "--ask-password"], "terminal" },
        { ["--client-key", "x"], "client's certificate" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Submit_PasswordOfNobody_IsAUsageError(string[] options, string words)
    {
        await using var process = CliProcess.Start("amqp://127.0.0.1:1", ["submit", "--type", "job", .. options]);
        process.Feed("1");
        Assert.Equal(2, await process.EndAsync());
        Assert.Contains(words, process.Error, StringComparison.Ordinal);
    }
}
