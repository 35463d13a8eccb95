using PortMgmt.Tests.Processes;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace PortMgmt.Chaos;

/// <summary>Counts rounds, processes, faults and violations, and prints them; a violation ends no round.</summary>
internal sealed class ChaosLedger(ITestOutputHelper output)
{
    private readonly SortedDictionary<string, int> _faults = new(StringComparer.Ordinal);
    private readonly List<string> _violations = [];

    public int Rounds { get; set; }

    public int Processes { get; set; }

    public int Steps { get; private set; }

    /// <summary>How many groups were cut off while they were taken, and then looked for.</summary>
    public int GroupsCutOff { get; set; }

    /// <summary>Notes a fault that was done, by its kind.</summary>
    public void Count(string fault, int times = 1) => _faults[fault] = _faults.GetValueOrDefault(fault) + times;

    /// <summary>Notes what happened to a process, and what it complains of.</summary>
    public void Count(ChurnWorker worker)
    {
        Processes++;
        Steps += worker.Steps;
        foreach (string fault in worker.Faults)
        {
            Count(fault);
        }

        Demand(worker.Failure is null, $"process {worker.Id} ({worker.Plan}) says: {worker.Failure}");
    }

    public void Demand(bool holds, string violation)
    {
        if (!holds)
        {
            _violations.Add($"round {Rounds}: {violation}");
        }
    }

    /// <summary>Notes as a violation what a check of the shared helpers refuses.</summary>
    public void Demand(Action check, string what)
    {
        try
        {
            check();
        }
        catch (XunitException refusal)
        {
            Demand(false, $"{what}: {refusal.Message}");
        }
    }

    /// <summary>Prints the counts, and fails the test when there was a violation.</summary>
    public void Close()
    {
        output.WriteLine($"{Rounds} rounds, {Processes} processes, {Steps} steps begun, {GroupsCutOff} groups cut off, {_faults.Values.Sum()} faults, {_violations.Count} violations");
        foreach ((string fault, int count) in _faults)
        {
            output.WriteLine($"  {count,6} {fault}");
        }

        Assert.True(_violations.Count == 0, string.Join(Environment.NewLine, _violations));
    }
}
