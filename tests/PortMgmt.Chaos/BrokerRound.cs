namespace PortMgmt.Chaos;

/// <summary>What is done in a round of a storm over brokers: by its number alone, so that a long run can be done in pieces.</summary>
/// <param name="Number">From 1.</param>
internal sealed record BrokerRound(int Number)
{
    private int Turn => (Number - 1) / BrokerFault.All.Length;

    /// <summary>What happens to the brokers: each kind once in ten rounds.</summary>
    public BrokerFault Fault => BrokerFault.All[(Number - 1) % BrokerFault.All.Length];

    /// <summary>In how many partitions the operations wait: in every second round in one queue, and the next time that a kind comes up it is the other way round.</summary>
    public int Partitions => (Number + Turn) % 2 == 0 ? 4 : 1;

    /// <summary>The submitter is killed too. In forty rounds each kind has all four: with and without that, with and without partitions.</summary>
    public bool KillsSubmitter => ((Number / 2) + (Turn / 2)) % 2 == 0;

    /// <summary>The name of the round's cluster.</summary>
    public string Cluster => $"storm-{Number}";

    /// <summary>The queue that the fault is done to: that of all operations, or of one partition.</summary>
    public string Queue => $"portmgmt.v1.{Cluster}.work.job{(Partitions == 1 ? "" : ".0")}";

    /// <summary>What is done, as a line of a table says it.</summary>
    public override string ToString() => Partitions == 1 ? Fault.Name : $"{Fault.Name}, {Partitions} partitions";
}
