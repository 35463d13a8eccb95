using System.Text;
using PortMgmt.Cli.Output;
using PortMgmt.Reports;

namespace PortMgmt.Cli.Batch;

/// <summary>
/// Shows on standard error how a batch gets on, from a thread of its own: a panel that is drawn over, or a line now and then. Results that
/// go to the same terminal appear above the panel.
/// </summary>
internal sealed class BatchDisplay : IDisposable
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly ManualResetEventSlim _end = new();
    private readonly LivePanel _panel = new();
    private readonly LiveRegion _place = new();
    private readonly Func<PanelSnapshot> _figures;
    private readonly bool _isPanel;
    private readonly bool _sharesTerminal;
    private readonly Thread? _thread;

    /// <summary>What was drawn last. Guarded by the lock.</summary>
    private IReadOnlyList<string> _drawn = [];

    /// <summary>Begins to show it.</summary>
    /// <param name="mode">How.</param>
    /// <param name="interval">How often a line is written.</param>
    /// <param name="figures">How the batch gets on; asked on another thread.</param>
    public BatchDisplay(ProgressMode mode, TimeSpan interval, Func<PanelSnapshot> figures)
    {
        _figures = figures;
        _isPanel = mode == ProgressMode.Auto && ErrorTerminal.CanDraw;
        _sharesTerminal = _isPanel && !Console.IsOutputRedirected;
        if (mode != ProgressMode.None)
        {
            TimeSpan wait = _isPanel ? Refresh : interval;
            _thread = new Thread(() => Show(wait)) { IsBackground = true, Name = "PortMgmt progress" };
            _thread.Start();
        }
    }

    /// <summary>Lines were written, so that the end should be told too.</summary>
    public bool HasWritten { get; private set; }

    /// <summary>Writes results: on the terminal of the panel, above it.</summary>
    public void Around(Action write)
    {
        if (_sharesTerminal)
        {
            WriteAbove(write);
        }
        else
        {
            write();
        }
    }

    /// <summary>Writes a warning, above the panel.</summary>
    public void Warn(string message) => WriteAbove(() => ErrorLine.Warn(message));

    /// <summary>Ends it; the panel is taken away.</summary>
    public void Dispose()
    {
        _end.Set();
        _thread?.Join();
        Write(_place.Erase());
        _end.Dispose();
    }

    private void WriteAbove(Action write)
    {
        lock (_lock)
        {
            Write(_place.Erase());
            write();
            Write(_drawn.Count == 0 ? "" : _place.Draw(_drawn));
        }
    }

    private static void Write(string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        try
        {
            using Stream error = StandardStream.OpenError();
            error.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (IOException)
        {
            // Nobody looks any more; the batch goes on.
        }
    }

    private void Show(TimeSpan wait)
    {
        while (!_end.Wait(wait))
        {
            PanelSnapshot figures = _figures();
            _panel.Sample(figures);
            if (!_isPanel)
            {
                ErrorLine.Write(_panel.Summarize(figures));
                HasWritten = true;
                continue;
            }

            lock (_lock)
            {
                _drawn = _panel.Draw(figures, ErrorTerminal.Style);
                Write(_place.Draw(_drawn));
            }
        }
    }
}
