using PortMgmt.TestNode;
using Xunit;

namespace PortMgmt.Chaos;

/// <summary>What can be done to a broker of three nodes.</summary>
/// <param name="cluster">The three nodes.</param>
/// <param name="queue">The name of the queue of work.</param>
/// <param name="random">Chance.</param>
internal sealed class BrokerFaults(TestBrokerCluster cluster, string queue, Random random)
{
    private static readonly TimeSpan Downtime = TimeSpan.FromSeconds(3);

    public TestBroker[] Brokers => cluster.Brokers;

    public TestBroker Any() => Brokers[random.Next(Brokers.Length)];

    /// <summary>The node that decides for the queue of work.</summary>
    public async Task<TestBroker> FindLeaderAsync()
    {
        string answer = await Brokers[0].EvaluateAsync($"{{ok, Q}} = rabbit_amqqueue:lookup({Resource}), {{_, N}} = amqqueue:get_pid(Q), N.");
        return Brokers.Single(broker => answer.Contains(broker.Node, StringComparison.Ordinal));
    }

    /// <summary>Kills nodes at once and starts them again with their data.</summary>
    public static async Task KillAsync(TestBroker[] brokers)
    {
        Array.ForEach(brokers, broker => broker.Kill());
        await Task.Delay(Downtime);
        Array.ForEach(brokers, broker => broker.Launch());
        await Task.WhenAll(brokers.Select(broker => broker.WaitUntilItTakesConnectionsAsync()));
    }

    /// <summary>Halts the process of a node for a while.</summary>
    public static async Task StopAsync(TestBroker broker, TimeSpan time)
    {
        await broker.SignalAsync("STOP");
        await Task.Delay(time);
        await broker.SignalAsync("CONT");
    }

    /// <summary>Cuts one node off from the two others, and lets them find each other again.</summary>
    public async Task PartitionAsync(string handling)
    {
        await Task.WhenAll(Brokers.Select(broker => broker.EvaluateAsync($"application:set_env(rabbit, cluster_partition_handling, {handling}).")));
        TestBroker alone = Any();
        TestBroker[] others = [.. Brokers.Where(broker => broker != alone)];

        // On one side alone: with the same new cookie on both they would find each other at once.
        await Task.WhenAll(others.Select(other => SetCookieAsync(alone, other, "stranger")));
        await Task.WhenAll(others.Select(other => alone.EvaluateAsync($"erlang:disconnect_node('{other.Node}').")));
        await Task.Delay(TimeSpan.FromSeconds(15));
        string seen = await alone.EvaluateAsync("nodes().");
        await Task.WhenAll(others.Select(other => SetCookieAsync(alone, other, cluster.Cookie)));
        await Task.WhenAll(others.Select(other => alone.EvaluateAsync($"net_adm:ping('{other.Node}').")));
        Assert.True(seen.Contains("{ok, []}", StringComparison.Ordinal), $"{alone.Node} was to be alone, and sees {seen}");
    }

    /// <summary>Has all nodes evaluate one thing, and another later.</summary>
    public async Task EvaluateForAWhileAsync(string begin, string end)
    {
        await Task.WhenAll(Brokers.Select(broker => broker.EvaluateAsync(begin)));
        await Task.Delay(TimeSpan.FromSeconds(10));
        await Task.WhenAll(Brokers.Select(broker => broker.EvaluateAsync(end)));
    }

    /// <summary>An operator deletes the queue with what waits in it and what is with workers.</summary>
    public Task<string> DeleteWorkAsync() => Brokers[0].EvaluateAsync($"{{ok, Q}} = rabbit_amqqueue:lookup({Resource}), rabbit_amqqueue:delete(Q, false, false, <<\"chaos\">>).");

    private static Task<string> SetCookieAsync(TestBroker broker, TestBroker other, string cookie) => broker.EvaluateAsync($"erlang:set_cookie('{other.Node}', '{cookie}').");

    private string Resource => $"rabbit_misc:r(<<\"/\">>, queue, <<\"{queue}\">>)";
}
