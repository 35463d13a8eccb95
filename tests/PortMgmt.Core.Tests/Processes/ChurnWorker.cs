using System.Globalization;
using Xunit;

namespace PortMgmt.Tests.Processes;

/// <summary>A churning process and what it has said of itself, kept by a thread that reads along.</summary>
internal sealed class ChurnWorker : IDisposable
{
    private readonly TestChild _child;
    private readonly Thread _reader;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string[]> _held = [];
    private string[] _step = [];
    private int _steps;
    private string? _failure;

    public ChurnWorker(string registry, int seed)
    {
        _child = TestChild.Start(registry, ["churn", seed.ToString(CultureInfo.InvariantCulture)]);
        _reader = new Thread(Read) { IsBackground = true };
        _reader.Start();
    }

    public int Id => _child.Id;

    /// <summary>How many steps it has begun.</summary>
    public int Steps => Volatile.Read(ref _steps);

    /// <summary>What went wrong in it; null for nothing.</summary>
    public string? Failure => Volatile.Read(ref _failure);

    /// <summary>The step that it has begun and not ended; empty for none.</summary>
    public string[] Step
    {
        get
        {
            lock (_lock)
                return _step;
        }
    }

    /// <summary>The tokens of what it holds for certain, by group: taken, and not begun to be given back.</summary>
    public Dictionary<string, string[]> Held
    {
        get
        {
            lock (_lock)
                return new(_held);
        }
    }

    public bool Holds(string group)
    {
        lock (_lock)
            return _held.ContainsKey(group);
    }

    /// <summary>Kills it and waits until all that it said is read.</summary>
    public void Kill()
    {
        _child.Kill();
        _reader.Join();
        Assert.Null(Failure);
    }

    public void Dispose()
    {
        _child.Dispose();
        _reader.Join();
    }

    private void Read()
    {
        while (_child.Output.ReadLine() is string line)
        {
            string[] words = line.Split(' ');
            lock (_lock)
                Follow(words, line);
        }
    }

    private void Follow(string[] words, string line)
    {
        switch (words)
        {
            case ["take" or "renew", ..]:
                Begin(words);
                break;
            case ["drop", string group]:
                Begin(words);
                _held.Remove(group);
                break;
            case ["took", string group, .. string[] tokens]:
                _held[group] = tokens;
                _step = [];
                break;
            case ["renewed" or "dropped", _]:
                _step = [];
                break;
            default:
                Volatile.Write(ref _failure, line);
                break;
        }
    }

    private void Begin(string[] step)
    {
        _step = step;
        Volatile.Write(ref _steps, _steps + 1);
    }
}
