namespace PortMgmt.TestNode;

/// <summary>A broker for tests that are not written in C#, until its standard input ends; writes its URL on a line when it takes connections, or why there can be none.</summary>
internal static class BrokerVerb
{
    public static async Task<int> RunAsync()
    {
        if (TestBroker.FindObstacle() is { } obstacle)
        {
            Console.WriteLine(obstacle);
            return 3;
        }

        await using TestBroker broker = await TestBroker.StartAsync();
        Console.WriteLine(broker.Url);
        await Console.In.ReadToEndAsync();
        return 0;
    }

    /// <summary>The same with three nodes, whose URLs are separated by commas.</summary>
    public static async Task<int> RunClusterAsync()
    {
        if (TestBroker.FindObstacle() is { } obstacle)
        {
            Console.WriteLine(obstacle);
            return 3;
        }

        await using TestBrokerCluster brokers = await TestBrokerCluster.StartAsync();
        Console.WriteLine(brokers.Urls);
        await Console.In.ReadToEndAsync();
        return 0;
    }
}
