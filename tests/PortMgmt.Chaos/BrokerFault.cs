namespace PortMgmt.Chaos;

/// <summary>Something that happens to a broker of three nodes, and its end.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="RunAsync">Does it, and undoes it; the broker is whole again some time after.</param>
internal sealed record BrokerFault(string Name, Func<BrokerFaults, Task> RunAsync)
{
    /// <summary>All of them, one a round.</summary>
    public static readonly BrokerFault[] All =
    [
        new("kill the leader", async faults => await BrokerFaults.KillAsync([await faults.FindLeaderAsync()])),
        new("kill any node", faults => BrokerFaults.KillAsync([faults.Any()])),
        new("kill two nodes", faults => BrokerFaults.KillAsync([.. faults.Brokers.Except([faults.Any()])])),
        new("stop a node for 30 s", async faults => await BrokerFaults.StopAsync(await faults.FindLeaderAsync(), TimeSpan.FromSeconds(30))),
        new("partition, pause_minority", faults => faults.PartitionAsync("pause_minority")),
        new("partition, autoheal", faults => faults.PartitionAsync("autoheal")),
        new("memory alarm", faults => faults.EvaluateForAWhileAsync("vm_memory_monitor:set_vm_memory_high_watermark(0.001).", "vm_memory_monitor:set_vm_memory_high_watermark(0.4).")),
        new("disk alarm", faults => faults.EvaluateForAWhileAsync("rabbit_disk_monitor:set_disk_free_limit(1000000000000000).", "rabbit_disk_monitor:set_disk_free_limit(50000000).")),
        new("kill all nodes", faults => BrokerFaults.KillAsync(faults.Brokers)),
        new("delete the queue of work", faults => faults.DeleteWorkAsync()),
    ];
}
