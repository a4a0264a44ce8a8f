# fish completion for binrip. Commands and options come from --help, so that they are those of the installed program.

function __binrip_commands
    command binrip --help 2>/dev/null | string match --regex --groups-only '^(?:Usage:)? +binrip ([a-z]+) (?:.*? {2,}|.*[\]A-Z] )?(.*)$' | while read -l name
        read -l text
        printf '%s\t%s\n' $name $text
    end
end

# The actions of a command, such as catalog's list and show.
function __binrip_actions
    command binrip $argv[1] --help 2>/dev/null | string match --regex --groups-only "^(?:Usage:)? +binrip $argv[1] ([a-z]+) (?:.*? {2,})(.*)\$" | while read -l name
        read -l text
        printf '%s\t%s\n' $name $text
    end
end

# The command whose options count, and its action; nothing for the rip itself.
function __binrip_command
    set -l words (commandline --tokens-expanded --cut-at-cursor --current-process 2>/dev/null; or commandline -opc)
    set -q words[2]; or return
    contains -- $words[2] (__binrip_commands | string split --fields 1 \t); or return
    echo $words[2]
    set -q words[3]; and contains -- $words[3] (__binrip_actions $words[2] | string split --fields 1 \t); and echo $words[3]
end

function __binrip_options
    command binrip (__binrip_command) --help 2>/dev/null | string match --regex --groups-only '^  (?:    |-[A-Za-z], )(--[a-z0-9-]+)(?: [^ ]+)? +(.*)$' | while read -l name
        read -l text
        printf '%s\t%s\n' $name $text
    end
end

complete -c binrip -n 'test (count (commandline -opc)) -eq 1' -a '(__binrip_commands)'
complete -c binrip -n 'test (count (commandline -opc)) -eq 2' -a '(__binrip_actions (commandline -opc)[2])'
complete -c binrip -n 'string match -q -- "-*" (commandline -ct)' -a '(__binrip_options)'
