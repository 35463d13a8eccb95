using PortMgmt.Cluster;

namespace PortMgmt.TestNode;

/// <summary>Three RabbitMQ servers of our own that are one cluster, on loopback.</summary>
internal sealed class TestBrokerCluster : IAsyncDisposable
{
    private readonly TestBrokerHost _host = new();

    private TestBrokerCluster(string partitionHandling)
    {
        string id = Guid.NewGuid().ToString("N");
        string[] names = [.. Enumerable.Range(1, 3).Select(n => $"portmgmt-{id}-{n}@localhost")];
        Brokers = Array.ConvertAll(names, name => new TestBroker(_host, name, names) { PartitionHandling = partitionHandling });
    }

    public TestBroker[] Brokers { get; }

    /// <summary>By what the nodes know each other.</summary>
    public string Cookie => _host.Cookie;

    /// <summary>The addresses of all, as a command takes them.</summary>
    public string Urls => string.Join(',', Brokers.Select(broker => broker.Url));

    /// <summary>Starts three nodes that have found each other.</summary>
    /// <param name="partitionHandling">A value of cluster_partition_handling.</param>
    public static async Task<TestBrokerCluster> StartAsync(string partitionHandling = "pause_minority")
    {
        var cluster = new TestBrokerCluster(partitionHandling);
        try
        {
            // The first alone, for the others to join: three at once take turns with waits between.
            await cluster.Brokers[0].StartServerAsync();
            await Task.WhenAll(cluster.Brokers[1..].Select(broker => broker.StartServerAsync()));
            await cluster.WaitUntilWholeAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The cluster as a member sees it that knows all addresses, and begins with one of them.</summary>
    public ClusterOptions Cluster(string cluster, string node = "test", int first = 0)
    {
        BrokerAddress[] addresses = [.. Enumerable.Range(0, Brokers.Length).Select(i => BrokerAddress.Parse(Brokers[(first + i) % Brokers.Length].Url))];
        return new ClusterOptions
        {
            Broker = addresses[0],
            OtherBrokers = addresses[1..],
            ClusterId = cluster,
            NodeId = node,
            ReconnectFor = TimeSpan.FromMinutes(5),
        };
    }

    /// <summary>Waits until each node sees the two others.</summary>
    public async Task WaitUntilWholeAsync()
    {
        string seen = "";
        for (int wait = 0; wait < 300; wait++)
        {
            try
            {
                string[] running = await Task.WhenAll(Brokers.Select(broker => broker.EvaluateAsync("length(rabbit_nodes:all_running()).")));
                seen = string.Join("; ", running);
                if (Array.TrueForAll(running, text => text.Contains("{ok, 3}", StringComparison.Ordinal)))
                {
                    return;
                }
            }
            catch (InvalidOperationException e)
            {
                // One of them has not come so far.
                seen = e.Message;
            }

            await Task.Delay(500);
        }

        throw new InvalidOperationException($"The three brokers did not become one cluster: {seen}");
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Brokers.Select(broker => broker.DisposeAsync().AsTask()));
        await _host.DisposeAsync();
    }
}
