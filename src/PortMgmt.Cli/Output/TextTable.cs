using System.Globalization;
using System.Text;
using PortMgmt.Text;
using Spectre.Console;

namespace PortMgmt.Cli.Output;

/// <summary>A table for people. The rest of the command line knows nothing of how it is drawn.</summary>
/// <param name="headings">The columns' headings.</param>
internal sealed class TextTable(params string[] headings)
{
    // A line of the table is one row, wherever it goes: redirected it is for grep, and a terminal that is too narrow folds it by itself
    // without losing any of it.
    private const int UnboundedWidth = 100_000;

    private readonly List<(RowStyle RowStyle, string[] Cells)> _rows = [];

    /// <summary>Whether there is no row.</summary>
    public bool IsEmpty => _rows.Count == 0;

    /// <summary>Adds a row; its cells may hold any text.</summary>
    public void Add(RowStyle tone, params string[] cells) => _rows.Add((tone, cells));

    /// <summary>Draws the table: in colour on a terminal, plain when redirected or where <c>NO_COLOR</c> is set.</summary>
    public void WriteTo(Stream stream)
    {
        bool colour = !Console.IsOutputRedirected && TableTarget.WantsColour && TableTarget.ObeysSequences;
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colour ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new TableTarget(writer, UnboundedWidth),
        });
        console.Write(Build());
        stream.Write(Encoding.UTF8.GetBytes(colour ? writer.ToString() : WithoutPadding(writer.ToString())));
    }

    private static string WithoutPadding(string table) =>
        string.Join('\n', table.Split('\n').Select(line => line.TrimEnd(' ', '\r')));

    private Table Build()
    {
        var table = new Table { Border = TableBorder.None };
        foreach (string heading in headings)
        {
            table.AddColumn(new TableColumn(new Spectre.Console.Text(heading, new Style(decoration: Decoration.Bold))) { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        }

        foreach ((RowStyle tone, string[] cells) in _rows)
        {
            table.AddRow(cells.Select(cell => new Spectre.Console.Text(VisibleText.From(cell), StyleOf(tone))));
        }

        return table;
    }

    private static Style StyleOf(RowStyle tone) => tone switch
    {
        RowStyle.Attention => new Style(Color.Yellow),
        RowStyle.Faint => new Style(Color.Grey),
        _ => Style.Plain,
    };
}
