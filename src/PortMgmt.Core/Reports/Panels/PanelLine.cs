using System.Text;
using PortMgmt.Text;

namespace PortMgmt.Reports.Panels;

/// <summary>One line of a panel in the making: never wider than the terminal, and with no control character but its own colours.</summary>
internal sealed class PanelLine(PanelStyle style)
{
    public const string Strong = "1";
    public const string Soft = "2";
    public const string Bad = "31";
    public const string Good = "32";
    public const string Bar = "36";

    private readonly StringBuilder _text = new();

    /// <summary>How many columns are free.</summary>
    public int Free { get; private set; } = style.Width;

    /// <summary>Adds a text, as much of it as fits.</summary>
    public PanelLine Add(string text, string? colour = null)
    {
        (string shown, int columns) = TextColumns.Cut(VisibleText.From(text), Free);
        Free -= columns;
        if (colour is null || !style.Colour || shown.Length == 0)
        {
            _text.Append(shown);
        }
        else
        {
            _text.Append("\u001b[").Append(colour).Append('m').Append(shown).Append("\u001b[0m");
        }

        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
