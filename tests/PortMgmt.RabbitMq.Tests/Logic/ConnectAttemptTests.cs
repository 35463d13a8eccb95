using Microsoft.Extensions.Time.Testing;
using PortMgmt.Cluster;
using PortMgmt.RabbitMq.Connection;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Logic;

/// <summary>Which address an attempt is for, how long it may take, and whether another may do better.</summary>
public sealed class ConnectAttemptTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ClusterOptions _options;

    public ConnectAttemptTests() => _options = new ClusterOptions
    {
        Broker = BrokerAddress.Parse("amqp://a"),
        OtherBrokers = [BrokerAddress.Parse("amqp://b"), BrokerAddress.Parse("amqp://c")],
        ConnectTimeout = TimeSpan.FromSeconds(1),
        TimeProvider = _clock,
    };

    [Theory]
    [InlineData(0, 0, "a", 1, 1, false)]
    [InlineData(2, 0, "c", 1, 1, true)]
    [InlineData(3, 0, "a", 2, 2, false)]
    [InlineData(11, 0, "c", 4, 3, true)]
    [InlineData(0, 2, "c", 1, 1, false)]
    [InlineData(2, 2, "b", 1, 1, true)]
    public void Attempt_Number_TakesTurnsAndHasMoreTimeInLaterRounds(int number, int first, string host, int round, int seconds, bool endsRound)
    {
        var attempt = new ConnectAttempt(_options, number, first);
        Assert.Equal((host, round, TimeSpan.FromSeconds(seconds), endsRound), (attempt.Broker.Host, attempt.Round, attempt.Timeout, attempt.EndsRound));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(3.9, false)]
    [InlineData(4, true)]
    [InlineData(10, true)]
    public void RecordEnd_Later_IsABrokerThatOnlyWaitedTooLong(double seconds, bool mayServeLater)
    {
        var attempt = new ConnectAttempt(_options, 0);
        Assert.False(attempt.MayServeLater);
        attempt.RecordReached();
        Assert.True(attempt.MayServeLater);
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        attempt.RecordEnd("It ended.");
        Assert.Equal((mayServeLater, mayServeLater ? null : "It ended."), (attempt.MayServeLater, attempt.Problem));
    }

    /// <summary>What ends because its time is up says nothing of the broker.</summary>
    [Fact]
    public void RecordHopeless_AfterAnAbort_IsOurOwnDoing()
    {
        var attempt = new ConnectAttempt(_options, 0);
        attempt.RecordReached();
        attempt.Abort();
        attempt.RecordHopeless("It ended.");
        Assert.True(attempt.MayServeLater);
        Assert.Null(attempt.Problem);
    }
}
